using Calango.Core.Templates;

namespace Calango.Core.Tests.Templates;

public sealed class TemplateTextTests
{
    [Theory]
    [InlineData("Review {code} for {level}; {code} again", "code,level")]
    [InlineData("{código_2} {_x} {a-b}", "código_2,_x,a-b")]
    [InlineData("{} { code } {1st} {a b} {{code}} {{code} if (x) { y } {\"a\":{\"b\":1}}", "")]
    [InlineData("{{{code}}}", "")]
    public void What_stands_in_braces_alone_is_a_variable(string text, string names) =>
        Assert.Equal(names, string.Join(',', TemplateText.Names(text)));

    [Theory]
    [InlineData("Say {a} and {b}", "Say {b} and 2")]
    [InlineData("{{a}} stays, {{a} too, {{{a}}} nearly", "{a} stays, {a} too, {{a}} nearly")]
    [InlineData("{\"a\":{\"b\":1}} and {unknown}.", "{\"a\":{\"b\":1}} and .")]
    public void Values_go_in_once_and_are_never_looked_into(string text, string filled) =>
        Assert.Equal(filled, TemplateText.Fill(text, new Dictionary<string, string> { ["a"] = "{b}", ["b"] = "2" }));

    [Fact]
    public void A_name_that_is_too_long_is_only_a_text() =>
        Assert.Empty(TemplateText.Names($"{{{new string('a', TemplateVariable.MaxNameLength + 1)}}}"));

    [Fact]
    public void A_variable_that_nobody_has_described_is_a_line_of_text_and_one_that_the_text_does_not_have_goes()
    {
        var content = new TemplateContent(" Review ", "{code}\r\n{level}\n\n")
        {
            Command = " /Review ",
            Tags = [" a", "A ", ""],
            Variables = [new TemplateVariable("gone"), new TemplateVariable("level") { Type = VariableType.Choice, Choices = ["one ", "", "one"], Minimum = 1 }],
        }.Tidied();

        Assert.Equal(("Review", "{code}\n{level}", "review"), (content.Name, content.Text, content.Command));
        Assert.Equal(["a"], content.Tags);
        Assert.Equal([new TemplateVariable("code"), new TemplateVariable("level") { Type = VariableType.Choice, Choices = ["one"] }], content.Variables);
        Assert.Equal(content, content.Tidied());
    }
}
