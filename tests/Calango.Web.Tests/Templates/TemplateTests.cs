using System.Net;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using static Calango.Web.Tests.Templates.Library;

namespace Calango.Web.Tests.Templates;

/// <summary>Templates that somebody writes, fills in, changes and takes back.</summary>
public sealed class TemplateTests
{
    private const string Review = "Review this for {level} readers:\n{code}\nAt most {lines} lines, by {day}. {{level}} stays.";

    private static readonly string[] Injections =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'><svg onload=alert(1)>", "</textarea><script>alert(1)</script>", "</title><script>alert(1)</script>",
        "javascript:alert(1)", "\" onfocus=alert(1) autofocus=\"", "{{constructor.constructor('alert(1)')()}}", "<a href=\"javascript:alert(1)\">x</a>", "&lt;script&gt;alert(1)&lt;/script&gt;",
    ];

    private static readonly (string Name, string Value)[] ReviewFields =
    [
        ("Command", "review"), ("Category", "Code"), ("Tags", "quality, C#"), ("Description", "Looks at code"),
        .. Variable("level", "Choice", more: [("Choices", "new\nseasoned"), ("Default", "new"), ("Hint", "Who reads it")]),
        .. Variable("code", "LongText"),
        .. Variable("lines", "Number", more: [("Minimum", "1"), ("Maximum", "9")]),
        .. Variable("day", "Date", isRequired: false),
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_template_is_written_filled_in_and_sent(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        using var ana = app.Visit();
        Assert.NotNull((await ana.GetAsync("/templates", Cancelled)).QuerySelector("[role=status]"));
        var template = await ana.WriteTemplateAsync("Code review", Review, Cancelled, ReviewFields);

        var form = await ana.GetAsync($"{template}/use", Cancelled);
        Assert.Equal(["level", "code", "lines", "day (optional)"], form.QuerySelectorAll("#template-use label").Select(label => string.Join(' ', label.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))));
        Assert.Equal("new", ((IHtmlSelectElement)form.QuerySelector("#value-0")!).Value);
        Assert.Equal("Who reads it", form.QuerySelector("#value-0-hint")!.TextContent);
        var chat = await ana.PostAsync($"{template}/use", Cancelled, Values("seasoned", "if (x) { {level} }\r\n\r\nend", "3", "2026-12-24"));

        var written = ((IHtmlTextAreaElement)chat.QuerySelector("#composer-text")!).Value;
        // What is put in is not looked into: its braces are the person's own.
        Assert.Equal("Review this for seasoned readers:\nif (x) { {level} }\n\nend\nAt most 3 lines, by 2026-12-24. {level} stays.", written);
        Assert.Contains("1 use", (await ana.GetAsync("/templates", Cancelled)).QuerySelector("#templates li")!.TextContent, StringComparison.Ordinal);
        await ana.GetAsync("/", Cancelled);
        await ana.PostAsync("/messages", Cancelled, ("Text", written), ("ClientMessageId", Guid.CreateVersion7().ToString()), ("Model", app.Model.ToString()));
        Assert.Contains("Review this for seasoned readers", (await ana.WholeAsync(ana.Path, 1, Cancelled)).QuerySelector(".message--question")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_text_goes_into_the_chat_that_it_was_asked_for_and_a_file_with_it()
    {
        await using var app = await TestApp.StartAsync();
        using var ana = app.Visit();
        await ana.GetAsync("/", Cancelled);
        await ana.PostAsync("/messages", Cancelled, ("Text", "Hello"), ("ClientMessageId", Guid.CreateVersion7().ToString()), ("Model", app.Model.ToString()));
        var chat = ana.Path;
        var template = await ana.WriteTemplateAsync("Sum up", "Sum up {file} in {words} words", Cancelled, [.. Variable("file", "File"), .. Variable("words", "Number")]);

        await ana.GetAsync($"{template}/use?chat={chat.Split('/')[^1]}", Cancelled);
        using var form = new MultipartFormDataContent
        {
            { new StringContent(chat.Split('/')[^1]), "Chat" }, { new StringContent("9"), "Values[words]" }, { new ByteArrayContent("Lizards bask."u8.ToArray()), "Values[file]", "notes.txt" },
        };
        using var filled = await ana.TryPostAsync($"{template}/use", form, Cancelled);

        var page = await Reading.PageAsync(filled, Cancelled);
        Assert.Equal("Sum up notes.txt in 9 words", ((IHtmlTextAreaElement)page.QuerySelector("#composer-text")!).Value);
        Assert.Equal($"{chat}/messages", page.QuerySelector("#composer")!.GetAttribute("action"));
        Assert.Contains("notes.txt", page.QuerySelector("#attachments")!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task Values_that_do_not_fit_are_named_where_they_stand_and_nothing_is_counted(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var template = await ana.WriteTemplateAsync("Code review", Review, Cancelled, ReviewFields);
        await ana.GetAsync($"{template}/use", Cancelled);

        foreach (var (values, wrong) in new[]
        {
            (Values("expert", "x", "3", ""), "value-0"), (Values("new", "", "3", ""), "value-1"), (Values("new", "x", "10", ""), "value-2"), (Values("new", "x", "many", ""), "value-2"),
            (Values("new", "x", "3", "24.12.2026"), "value-3"),
        })
        {
            using var refused = await ana.TryPostAsync($"{template}/use", Cancelled, values);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var page = await Reading.PageAsync(refused, Cancelled);
            Assert.Equal($"{wrong}-error", Assert.Single(page.QuerySelectorAll(".field__error")).Id);
            Assert.Equal("true", page.QuerySelector($"#{wrong}")!.GetAttribute("aria-invalid"));
        }

        Assert.Contains("0 uses", (await ana.GetAsync("/templates", Cancelled)).QuerySelector("#templates li")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_template_that_cannot_be_stored_says_where_and_keeps_what_was_written()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        await ana.WriteTemplateAsync("Code review", Review, Cancelled, ReviewFields);

        foreach (var (fields, wrong) in new (string Name, string Value)[][]
        {
            [("Name", ""), ("Text", "x")], [("Name", "x"), ("Text", "")], [("Name", "x"), ("Text", "x"), ("Command", "Ação!")], [("Name", "x"), ("Text", "{v}"), .. Variable("v", "Choice")],
            [("Name", "x"), ("Text", "{v}"), .. Variable("v", "Number", more: [("Minimum", "2"), ("Maximum", "1")])], [("Name", "x"), ("Text", "{v}"), .. Variable("v", "Number", more: [("Default", "many")])],
        }.Zip(["field-name-error", "template-text-error", "field-command-error", "variable-0-error", "variable-0-error", "variable-0-error"]))
        {
            using var refused = await ana.TryPostAsync("/templates/new", Cancelled, fields);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var page = await Reading.PageAsync(refused, Cancelled);
            Assert.Equal(wrong, Assert.Single(page.QuerySelectorAll("#template-form .field__error")).Id);
            Assert.Equal(fields[1].Value, ((IHtmlTextAreaElement)page.QuerySelector("#template-text")!).Value);
        }

        using var taken = await ana.TryPostAsync("/templates/new", Cancelled, ("Name", "Other"), ("Text", "x"), ("Command", "/REVIEW"));
        Assert.Contains("has this command", (await Reading.PageAsync(taken, Cancelled)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Single(await ana.NamesAsync("", Cancelled));
    }

    [Fact]
    public async Task While_it_is_written_its_variables_and_its_form_are_shown_and_nothing_is_stored()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        await ana.GetAsync("/templates/new", Cancelled);

        var page = await ana.PostAsync("/templates/preview", Cancelled, [("Text", "{when} {who}"), .. Variable("when", "Date")]);

        Assert.Equal(["{when}", "{who}"], page.QuerySelectorAll("#template-variables legend").Select(legend => legend.TextContent));
        Assert.Equal(["date", null], page.QuerySelectorAll("#template-preview input").Select(input => input.GetAttribute("type")));
        Assert.Equal("/templates/new", page.QuerySelector("#template-form")!.GetAttribute("action"));
        Assert.Empty(await ana.NamesAsync("", Cancelled));
    }

    [EachDatabase]
    public async Task Each_save_is_a_version_that_is_compared_and_brought_back(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var template = await ana.WriteTemplateAsync("Greeting", "Dear {name}\nHello\nBye", Cancelled);
        using var saved = await ana.TrySaveAsync(template, Cancelled, ("Name", "Salutation"), ("Text", "Dear {name}\nGood morning\nBye"), ("Tags", "mail"));
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        // What changes nothing is no version.
        using var same = await ana.TrySaveAsync(template, Cancelled, ("Name", "Salutation"), ("Text", "Dear {name}\nGood morning\nBye\n"), ("Tags", "mail,"));

        var page = await ana.GetAsync($"{template}/versions", Cancelled);
        Assert.Equal(["Version 2", "Version 1"], page.QuerySelectorAll("#versions .row__name").Select(row => row.TextContent));
        Assert.Equal(["SPAN Dear {name}", "DEL Hello", "INS Good morning", "SPAN Bye"], page.QuerySelectorAll("#diff li > *").Select(line => $"{line.TagName} {line.TextContent}"));
        Assert.Equal(["Greeting", "Salutation", "mail"], page.QuerySelectorAll("#changed-fields dd > *").Select(part => part.TextContent));
        var other = await ana.GetAsync($"{template}/versions?from=2&to=1", Cancelled);
        Assert.Equal(["DEL Good morning", "INS Hello"], other.QuerySelectorAll("#diff del, #diff ins").Select(line => $"{line.TagName} {line.TextContent}"));

        await ana.PostAsync(page.QuerySelector("#versions button")!.GetAttribute("formaction")!, Cancelled, ("_method", "PUT"));
        Assert.Equal(["Greeting"], await ana.NamesAsync("", Cancelled));
        Assert.Equal(3, (await ana.GetAsync($"{template}/versions", Cancelled)).QuerySelectorAll("#versions li").Length);

        // Who has opened it before somebody else saved overwrites nothing.
        using var late = await ana.TryPostAsync(template, Cancelled, ("Seen", "2"), ("Name", "Late"), ("Text", "Late"));
        Assert.Contains("Somebody has saved this template", (await Reading.PageAsync(late, Cancelled)).QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["Greeting"], await ana.NamesAsync("", Cancelled));
    }

    [EachDatabase]
    public async Task The_library_is_searched_filtered_and_put_in_order(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var review = await ana.WriteTemplateAsync("Code review", Review, Cancelled, ReviewFields);
        var summary = await ana.WriteTemplateAsync("Resumo de reunião", "Sum up", Cancelled, ("Category", "Text"), ("Tags", "meeting"));
        await ana.WriteTemplateAsync("Answer", "Answer it", Cancelled, ("Category", "Text"));
        await ana.GetAsync($"{summary}/use", Cancelled);
        await ana.PostAsync($"{summary}/use", Cancelled);
        await ana.PostAsync($"{review}/rating?stars=4", Cancelled, ("_method", "PUT"));

        Assert.Equal(["Resumo de reunião", "Answer", "Code review"], await ana.NamesAsync("", Cancelled));
        Assert.Equal(["Code review", "Answer", "Resumo de reunião"], await ana.NamesAsync("?sort=Rating", Cancelled));
        Assert.Equal(["Answer", "Code review", "Resumo de reunião"], await ana.NamesAsync("?sort=Name", Cancelled));
        Assert.Equal(["Resumo de reunião"], await ana.NamesAsync("?q=REUNIAO", Cancelled));
        Assert.Equal(["Code review"], await ana.NamesAsync("?q=/review", Cancelled));
        Assert.Equal(["Answer"], await ana.NamesAsync("?category=text&q=answer", Cancelled));
        Assert.Equal(["Code review"], await ana.NamesAsync("?tag=C%23", Cancelled));
        Assert.Empty(await ana.NamesAsync("?q=submarine", Cancelled));
    }

    [EachDatabase]
    public async Task A_rating_is_given_changed_and_taken_back(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var template = await ana.WriteTemplateAsync("Answer", "Answer it", Cancelled);

        await ana.PostAsync($"{template}/rating?stars=2", Cancelled, ("_method", "PUT"));
        var page = await ana.PostAsync($"{template}/rating?stars=5", Cancelled, ("_method", "PUT"));
        Assert.Contains("★ 5 · 1 rating", page.QuerySelector(".rating")!.TextContent, StringComparison.Ordinal);
        Assert.Equal("5 stars", page.QuerySelector("#rating [aria-pressed=true]")!.GetAttribute("aria-label"));

        page = await ana.PostAsync($"{template}/rating", Cancelled, ("_method", "DELETE"));
        Assert.Contains("not rated yet", page.QuerySelector(".rating")!.TextContent, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task It_is_copied_and_removed(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        var template = await ana.WriteTemplateAsync("Code review", Review, Cancelled, ReviewFields);

        var copy = await ana.GetAsync($"/templates/new?from={template.Split('/')[^1]}", Cancelled);
        Assert.Equal("Copy of Code review", ((IHtmlInputElement)copy.QuerySelector("#field-name")!).Value);
        Assert.Equal(4, copy.QuerySelectorAll("#template-variables fieldset").Length);
        Assert.Contains("Code review", (await ana.GetAsync($"{template}/deletion", Cancelled)).Body!.TextContent, StringComparison.Ordinal);
        await ana.PostAsync(template, Cancelled, ("_method", "DELETE"));

        Assert.Equal("/templates", ana.Path);
        using var gone = await ana.Http.GetAsync($"{template}/use", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Nothing_that_is_written_into_a_field_becomes_part_of_a_page()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();

        foreach (var injection in Injections)
        {
            var line = injection.ReplaceLineEndings(" ");
            var template = await ana.WriteTemplateAsync(line, $"{injection} {{v}} {{w}}", Cancelled,
                [("Description", line), ("Category", line[..Math.Min(40, line.Length)]), ("Tags", line[..Math.Min(40, line.Length)]), .. Variable("v", "Choice", more: [("Choices", line), ("Default", line), ("Hint", line)]), .. Variable("w", "LongText", more: [("Default", injection)])]);
            using var saved = await ana.TrySaveAsync(template, Cancelled, ("Name", "Harmless"), ("Text", injection));
            Assert.StartsWith("/templates/", template, StringComparison.Ordinal);
            await ana.PostAsync($"{template}/versions?number=1", Cancelled, ("_method", "PUT"));

            foreach (var path in new[] { "/templates", $"/templates?q={Uri.EscapeDataString(line)}&category={Uri.EscapeDataString(line)}", template, $"{template}/use", $"{template}/versions", $"{template}/deletion", $"/templates/new?from={template.Split('/')[^1]}" })
            {
                AssertIsInert(await ana.GetAsync(path, Cancelled), path);
            }

            await ana.GetAsync($"{template}/use", Cancelled);
            AssertIsInert(await ana.PostAsync($"{template}/use", Cancelled, ("Values[v]", line), ("Values[w]", injection)), "the chat");
            await ana.GetAsync(template, Cancelled);
            await ana.PostAsync(template, Cancelled, ("_method", "DELETE"));
        }
    }

    private static void AssertIsInert(IHtmlDocument page, string where)
    {
        Assert.All(page.Scripts, script => Assert.True(script.Source is not null && script.TextContent.Length == 0, $"a script in {where}"));
        Assert.All(page.All, element =>
        {
            Assert.DoesNotContain(element.Attributes, attribute => attribute.Name.StartsWith("on", StringComparison.OrdinalIgnoreCase));
            Assert.DoesNotContain(element.Attributes, attribute => attribute.Name is "href" or "src" or "action" or "formaction" && attribute.Value.TrimStart().StartsWith("javascript:", StringComparison.OrdinalIgnoreCase));
        });
        Assert.Empty(page.QuerySelectorAll("img[src=x]"));
    }

    private static (string Name, string Value)[] Values(string level, string code, string lines, string day) =>
        [("Values[level]", level), ("Values[code]", code), ("Values[lines]", lines), ("Values[day]", day)];
}
