using System.Text;
using Calango.Plugins.LocalModels.Worker.Llama;

namespace Calango.Plugins.Tests.LocalModels;

public sealed class AnswerTextTests
{
    [Fact]
    public void A_character_split_over_pieces_comes_whole()
    {
        var text = new AnswerText([]);

        var parts = Encoding.UTF8.GetBytes("olá 🦎!").Select(piece => text.Add([piece])).Append(text.Rest()).ToList();

        Assert.Equal("olá 🦎!", string.Concat(parts));
        Assert.DoesNotContain(parts, part => part.Contains('\uFFFD') || (part.Length == 1 && char.IsSurrogate(part[0])));
    }

    [Fact]
    public void A_character_that_is_never_finished_is_left_out()
    {
        var text = new AnswerText([]);

        Assert.Equal("ab", text.Add([.. "ab"u8, 0xF0, 0x9F]) + text.Rest());
    }

    [Fact]
    public void A_stop_text_over_several_pieces_ends_the_answer_before_it()
    {
        var text = new AnswerText(["END", "###"]);

        var parts = new[] { "one ", "E", "N", "x EN", "D more" }.Select(piece => text.Add(Encoding.UTF8.GetBytes(piece))).ToList();

        Assert.Equal(["one ", "", "", "ENx ", ""], parts);
        Assert.True(text.Stopped);
        Assert.Equal("", text.Rest());
    }

    [Fact]
    public void The_beginning_of_a_stop_text_is_no_stop()
    {
        var text = new AnswerText(["END"]);

        Assert.Equal("an EN", text.Add("an EN"u8) + text.Rest());
        Assert.False(text.Stopped);
    }

    [Fact]
    public void White_space_before_the_answer_is_left_out() => Assert.Equal("hi there", AnswerOf(" \n", " hi", " there"));

    private static string AnswerOf(params string[] pieces)
    {
        var text = new AnswerText([]);
        return string.Concat(pieces.Select(piece => text.Add(Encoding.UTF8.GetBytes(piece)))) + text.Rest();
    }
}
