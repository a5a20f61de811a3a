namespace Calango.Web.Tests.Markdown;

/// <summary>Texts that try what a model may write, and some that no model should.</summary>
internal static class Corpus
{
    public static readonly string[] Answers =
    [
        "",
        "One paragraph.",
        "Text:\n```python\nprint('a')\n\nprint('b')\n```\nMore **text**.\n",
        "# Title\nIntro\n## Part\n- a\n- b\n\n- c\n\nAfter",
        "Heading\n---\nText\n===\n",
        "1. one\n   ```sh\n   ls\n\n   cd\n   ```\n2. two\n\n   more\n3. three\n\nEnd",
        "Steps:\n1. one\n2. two\n* star\n+ plus\n",
        "| a | b |\n|---|:-:|\n| 1 | 2 |\n| 3 | $|x|$ |\n\nafter",
        "The formula is:\n\\[\nx = \\frac{1}{2}\n- y\n\\]\nwhere \\(x\\) and $y$ cost $5 and $10.\n\n$$\na\n$$\n",
        "$$x^2$$\n\n$$ open\n\ntext",
        "> quote\nlazy\n> more\n\n> another\n",
        "```mermaid\ngraph TD; A-->B\n```\n",
        "~~~\n```\nnot the end\n~~~\n\n````md\n```js\nx\n```\n````\n",
        "```\nnever closed\n\n- a\n",
        "    indented\n\n    code\ntext\n",
        "[a]: http://example.com\n\n[a] and [b][a]\n===\n",
        "- [x] done\n- [ ] open\n\n***\n\n- - -\ntext\n***\n",
        "emoji 😀 and 👩‍👩‍👧 in `code 😀`\r\nwindows\r\n\r\nold\rmac",
        "NUL \0 and lone \ud83d here \ude00 there",
        "- a\n  - b\n    - c\n\n      d\n\n  e\nlazy\n\nout",
        "<b>raw</b> <script>x</script>\n\n<div>\n\n**a**\n\n</div>\n",
        "Term ~~gone~~ https://example.com/a_b_c and <https://x.org>\n",
        "Text:\n-\n- a\n1)\n2) b",
        string.Concat(Enumerable.Range(1, 300).Select(i => $"{i}. item number {i} with some text\n")) + "\nend",
        "| a | b |\n|---|---|\n" + string.Concat(Enumerable.Range(1, 400).Select(i => $"| row {i} | value |\n")) + "\nend",
        "```cs\n" + string.Concat(Enumerable.Range(1, 200).Select(i => $"var x{i} = {i};\n")) + "```\nend",
        "```\n" + string.Concat(Enumerable.Range(1, 64).Select(i => $"{i}\n")) + "```\n",
        "```\n" + new string('x', 40_000) + "```\n```\nend",
        new string('a', 40_000),
        string.Concat(Enumerable.Repeat("word 😀 ", 5_000)),
    ];
}
