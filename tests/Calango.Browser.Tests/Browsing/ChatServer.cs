using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Browser.Tests.Browsing;

/// <summary>One server for the tests of a class, which run one after another. No model writes titles there: each scripted reply is an answer.</summary>
public sealed class ChatServer : IAsyncLifetime
{
    private ModelRef _model;

    /// <summary>The server.</summary>
    public TestApp App { get; private set; } = null!;

    /// <summary>Its model service.</summary>
    public ScriptedUpstream Upstream => App.Upstream;

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        App = await TestApp.StartAsync(connected: false);
        Upstream.Models = ["fake", "gecko-large", "gecko-small"];
        _model = await App.ConnectAsync(Upstream);
        await App.Services.GetRequiredService<TaskChoices>().ChooseAsync(Account.LocalId, ModelTask.Title, TaskMode.Off, null, CancellationToken.None);
    }

    /// <summary>Someone with a desktop opens a new chat.</summary>
    public async Task<BrowserSession> OpenAsync(Browsers browsers, string path = "/")
    {
        var session = await browsers.OpenAsync(App.Address, new());
        await session.Page.GotoAsync(path);
        return session;
    }

    /// <summary>A chat with so many questions and answers, from "Question 1" and "Answer 1." on. Returns its path.</summary>
    public async Task<string> WriteChatAsync(int exchanges, CancellationToken cancellationToken, UpstreamReply? firstAnswer = null)
    {
        var turns = App.Services.GetRequiredService<Turns>();
        Guid? chat = null;
        for (var number = 1; number <= exchanges; number++)
        {
            Upstream.Enqueue(number == 1 && firstAnswer is not null ? firstAnswer : new UpstreamReply { Text = $"Answer {number}." });
            var (turn, _) = await turns.AskAsync(
                Account.LocalId, new NewMessage(chat, $"Question {number}", Guid.CreateVersion7(), _model, "test"), cancellationToken);
            chat = turn.ConversationId;
            await Eventually.HoldsAsync(
                $"answer {number} is whole",
                async () => await turns.FindAsync(Account.LocalId, turn.Id, cancellationToken) is { IsRunning: false },
                cancellationToken);
        }

        return $"/chat/{chat}";
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => App.DisposeAsync();
}
