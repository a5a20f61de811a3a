// Grammars beyond the common ones of highlight.min.js, by the names that models use. The build copies these and no others:
// each file costs the server addresses at every start.
export const moreGrammars = {
  clojure: 'clojure', cmake: 'cmake', dart: 'dart', docker: 'dockerfile', dockerfile: 'dockerfile', elixir: 'elixir', erlang: 'erlang',
  'f#': 'fsharp', fsharp: 'fsharp', groovy: 'groovy', haskell: 'haskell', http: 'http', julia: 'julia', latex: 'latex', tex: 'latex',
  matlab: 'matlab', nginx: 'nginx', nix: 'nix', powershell: 'powershell', ps1: 'powershell', proto: 'protobuf', protobuf: 'protobuf',
  scala: 'scala', vim: 'vim', x86asm: 'x86asm',
}
