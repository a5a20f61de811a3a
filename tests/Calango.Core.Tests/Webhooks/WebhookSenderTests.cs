using System.Net;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Jobs;
using Calango.Core.Plugins;
using Calango.Core.Webhooks;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Calango.Tests.Support.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Webhooks;

/// <summary>A webhook is told once, whatever its receiver does, and only where it may lead.</summary>
public sealed class WebhookSenderTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_message_is_signed_and_told_once(DatabaseKind kind)
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        await using var site = await WebhookSite.StartAsync(kind);
        var secret = await site.AddAsync(receiver.Address);
        await site.TellAsync("first");

        await site.SendAsync();
        await site.SendAsync();

        var message = Assert.Single(receiver.Received);
        Assert.True(message.IsSignedWith(secret, site.Time.GetUtcNow()));
        Assert.False(message.IsSignedWith("whsec_" + Convert.ToBase64String(new byte[32]), site.Time.GetUtcNow()));
        Assert.Equal("application/json; charset=utf-8", message.ContentType);
        Assert.Equal("first", message.Data.GetProperty("name").GetString());
        var told = Assert.Single(await site.AllAsync());
        Assert.Equal((WebhookFailure.None, 200, 1, site.Time.GetUtcNow()), (told.Failure, told.Status, told.Attempts, told.DeliveredAt));
        Assert.DoesNotContain(secret[6..], (await site.WebhookAsync()).ProtectedSecret, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-8842", site.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[6..], site.Log.Text, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task What_is_not_taken_is_told_again_with_growing_pauses_and_the_same_id(DatabaseKind kind)
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        receiver.Answer = number => number <= 2 ? 500 : 200;
        await using var site = await WebhookSite.StartAsync(kind);
        var secret = await site.AddAsync(receiver.Address);
        await site.TellAsync("first");

        await site.SendAsync();

        var waiting = Assert.Single(await site.AllAsync());
        Assert.Equal((WebhookFailure.Refused, 500, 1, site.Time.GetUtcNow() + Minute), (waiting.Failure, waiting.Status, waiting.Attempts, waiting.NextAt));
        await site.SendAsync();
        Assert.Single(receiver.Received);
        site.Time.Advance(Minute);
        await site.SendAsync();
        Assert.Equal(site.Time.GetUtcNow() + (5 * Minute), Assert.Single(await site.AllAsync()).NextAt);
        site.Time.Advance(5 * Minute);
        await site.SendAsync();

        Assert.Equal(3, receiver.Received.Count);
        Assert.Single(receiver.Received.Select(message => (message.Id, message.Body)).Distinct());
        Assert.Equal(3, receiver.Received.Select(message => message.Signature).Distinct().Count());
        Assert.True(receiver.Received[2].IsSignedWith(secret, site.Time.GetUtcNow()));
        Assert.Null(Assert.Single(await site.AllAsync()).NextAt);
    }

    [EachDatabase]
    public async Task What_nobody_takes_is_given_up_after_a_day_and_can_be_sent_again(DatabaseKind kind)
    {
        var port = ServerProcess.FreePort();
        await using var site = await WebhookSite.StartAsync(kind);
        await site.AddAsync(new Uri($"http://127.0.0.1:{port}/"));
        await site.TellAsync("first");
        var begun = site.Time.GetUtcNow();
        await site.SendAsync();
        Assert.Equal(WebhookFailure.Unreachable, Assert.Single(await site.AllAsync()).Failure);

        while (Assert.Single(await site.AllAsync()) is { NextAt: { } next })
        {
            site.Time.Advance(next - site.Time.GetUtcNow());
            await site.SendAsync();
        }

        var given = Assert.Single(await site.AllAsync());
        Assert.True(given.IsGivenUp);
        Assert.Equal(8, given.Attempts);
        Assert.InRange(site.Time.GetUtcNow() - begun, TimeSpan.FromHours(22), TimeSpan.FromHours(24));
        await using var receiver = WebhookReceiver.Start(port);
        await site.List.SendAgainAsync(Account.LocalId, given.Id, Cancelled);
        await site.SendAsync();
        Assert.Equal($"msg_{given.Id:N}", Assert.Single(receiver.Received).Id);
        Assert.NotNull(Assert.Single(await site.AllAsync()).DeliveredAt);
    }

    [Theory]
    [InlineData(410, WebhookFailure.Gone, true)]
    [InlineData(302, WebhookFailure.Redirected, false)]
    [InlineData(404, WebhookFailure.Refused, false)]
    public async Task A_receiver_that_has_gone_is_asked_no_more_and_one_that_leads_elsewhere_is_not_followed(int status, WebhookFailure failure, bool isGivenUp)
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        receiver.Answer = _ => status;
        await using var site = await WebhookSite.StartAsync(DatabaseKind.Sqlite);
        await site.AddAsync(receiver.Address);
        await site.TellAsync("first");

        await site.SendAsync();

        Assert.Single(receiver.Received);
        var tried = Assert.Single(await site.AllAsync());
        Assert.Equal((failure, status, isGivenUp), (tried.Failure, tried.Status, tried.IsGivenUp));
    }

    [EachDatabase]
    public async Task Many_who_send_at_once_tell_each_message_once(DatabaseKind kind)
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        await using var site = await WebhookSite.StartAsync(kind);
        await site.AddAsync(receiver.Address);
        for (var number = 0; number < 20; number++)
        {
            await site.TellAsync($"message {number}");
        }

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => site.SendAsync()));
        await site.SendAsync();

        Assert.Equal(20, receiver.Received.Count);
        Assert.Equal(20, receiver.Received.Select(message => message.Id).Distinct().Count());
        Assert.All(await site.AllAsync(), delivery => Assert.NotNull(delivery.DeliveredAt));
    }

    [EachDatabase]
    public async Task What_a_sender_left_that_is_gone_is_sent_by_another_once_its_claim_is_over(DatabaseKind kind)
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        await using var site = await WebhookSite.StartAsync(kind);
        await site.AddAsync(receiver.Address);
        await site.TellAsync("first");
        await site.ChangeAsync(deliveries => deliveries.ExecuteUpdateAsync(set => set.SetProperty(delivery => delivery.ClaimedUntil, site.Time.GetUtcNow() + Minute), Cancelled));

        await site.SendAsync();
        Assert.Empty(receiver.Received);
        site.Time.Advance(Minute);
        await site.SendAsync();

        Assert.Single(receiver.Received);
    }

    [EachDatabase]
    public async Task Somebody_whose_account_is_to_be_deleted_is_told_nothing_until_it_is_kept(DatabaseKind kind)
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        await using var site = await WebhookSite.StartAsync(kind);
        await site.AddAsync(receiver.Address);
        await site.TellAsync("first");
        await site.RemoveAsync(site.Time.GetUtcNow().AddDays(14));
        await site.SendAsync();
        Assert.Empty(receiver.Received);

        await site.RemoveAsync(null);
        await site.SendAsync();

        Assert.Single(receiver.Received);
    }

    [EachDatabase]
    public async Task Somebody_who_is_suspended_is_told_nothing_until_they_are_let_in_again(DatabaseKind kind)
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        await using var site = await WebhookSite.StartAsync(kind);
        await site.AddAsync(receiver.Address);
        await site.TellAsync("first");
        await site.SuspendAsync(site.Time.GetUtcNow());

        await site.SendAsync();
        Assert.Empty(receiver.Received);
        await site.SuspendAsync(null);
        await site.SendAsync();

        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task What_would_come_more_than_a_day_late_is_not_sent_and_after_a_week_nobody_sees_it_any_more()
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        await using var site = await WebhookSite.StartAsync(DatabaseKind.Sqlite);
        await site.AddAsync(receiver.Address);
        await site.TellAsync("first");
        site.Time.Advance(TimeSpan.FromDays(1));

        await site.SendAsync();

        Assert.Equal(WebhookFailure.Expired, Assert.Single(await site.AllAsync()).Failure);
        Assert.Empty(receiver.Received);
        await site.CleanUpAsync();
        Assert.Single(await site.AllAsync());
        site.Time.Advance(TimeSpan.FromDays(6));
        await site.CleanUpAsync();
        Assert.Empty(await site.AllAsync());
    }

    [Theory]
    [InlineData("https://8.8.8.8/hook", null)]
    [InlineData(" https://8.8.8.8/hook ", null)]
    [InlineData("http://8.8.8.8/hook", "webhook")]
    [InlineData("https://user:secret@8.8.8.8/", "webhook")]
    [InlineData("ftp://8.8.8.8/", "webhook")]
    [InlineData("/hook", "webhook")]
    [InlineData("", "required")]
    [InlineData(null, "required")]
    [InlineData("https://127.0.0.1/", "notPublic")]
    [InlineData("https://localhost/", "notPublic")]
    [InlineData("https://2130706433/", "notPublic")]
    [InlineData("https://[::ffff:127.0.0.1]/", "notPublic")]
    [InlineData("https://10.1.2.3/", "notPublic")]
    [InlineData("https://169.254.169.254/latest/meta-data/", "notPublic")]
    [InlineData("https://[fd00:ec2::254]/", "notPublic")]
    [InlineData("https://8.8.8.8:8443/", "notPublic")]
    [InlineData("https://inside.example/", "notPublic")]
    [InlineData("https://mixed.example/", "notPublic")]
    [InlineData("https://unknown.example/", null)]
    [InlineData("http://127.0.0.1:9000/", "webhook")]
    [InlineData("http://named.example:9000/", null)]
    public async Task On_a_server_an_address_is_of_the_public_web_over_https_or_named_by_the_configuration(string? address, string? code)
    {
        using var web = Web();

        Assert.Equal(code, await new WebhookPost(web, isLaptop: false).CheckAsync(address, Cancelled));
    }

    [Theory]
    [InlineData("http://127.0.0.1:9000/hook", null)]
    [InlineData("http://localhost:9000/hook", null)]
    [InlineData("http://[::1]:9000/hook", null)]
    [InlineData("http://8.8.8.8/", "webhook")]
    [InlineData("http://192.168.0.1:9000/", "webhook")]
    [InlineData("https://192.168.0.1/", "notPublic")]
    public async Task On_a_laptop_it_may_be_a_program_there_as_well(string address, string? code)
    {
        using var web = Web();

        Assert.Equal(code, await new WebhookPost(web, isLaptop: true).CheckAsync(address, Cancelled));
    }

    [Theory]
    [InlineData("https://inside.example/")]
    [InlineData("https://mixed.example/")]
    [InlineData("https://127.0.0.1/")]
    public async Task A_name_that_leads_inside_when_it_is_connected_to_is_told_nothing(string address)
    {
        using var web = Web();
        using var request = new HttpRequestMessage(HttpMethod.Post, address);

        Assert.Equal(WebhookFailure.NotPublic, (await new WebhookPost(web, isLaptop: false).SendAsync(request, Cancelled)).Failure);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_waited_for_ten_seconds()
    {
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        var never = new TaskCompletionSource();
        receiver.BeforeAnswering = never.Task;
        using var web = Web();
        using var request = new HttpRequestMessage(HttpMethod.Post, receiver.Address) { Content = new StringContent("{}") };
        var begun = TimeProvider.System.GetTimestamp();

        Assert.Equal(WebhookFailure.TimedOut, (await new WebhookPost(web, isLaptop: true).SendAsync(request, Cancelled)).Failure);

        Assert.InRange(TimeProvider.System.GetElapsedTime(begun).TotalSeconds, 9, 20);
        never.SetResult();
    }

    private static PublicWeb Web() => new(new WebOptions { AllowedHosts = ["named.example:9000"] }, (host, _) => host switch
    {
        "inside.example" or "localhost" => Task.FromResult<IPAddress[]>([IPAddress.Loopback]),
        "mixed.example" => Task.FromResult<IPAddress[]>([IPAddress.Parse("93.184.216.34"), IPAddress.Parse("10.0.0.1")]),
        _ => throw new System.Net.Sockets.SocketException((int)System.Net.Sockets.SocketError.HostNotFound),
    });

    private sealed class WebhookSite : IAsyncDisposable
    {
        private readonly TestKernel _kernel;

        private WebhookSite(TestKernel kernel, ManualTime time) => (_kernel, Time) = (kernel, time);

        public ManualTime Time { get; }

        public TestLog Log => _kernel.Log;

        public WebhookList List => _kernel.Get<WebhookList>();

        private Database Database => _kernel.Get<Database>();

        public static async Task<WebhookSite> StartAsync(DatabaseKind kind)
        {
            var time = new ManualTime();
            return new WebhookSite(await TestKernel.StartAsync(kind, clock: time), time);
        }

        public Task<string> AddAsync(Uri address) => List.AddAsync(Account.LocalId, address.AbsoluteUri, Cancelled);

        public Task TellAsync(string name) => Database.WriteAsync(db => _kernel.Get<WebhookOutbox>().PutAsync(db, Account.LocalId, "test", () => new { name }, Cancelled), Cancelled);

        public Task SendAsync() => _kernel.Get<WebhookSender>().SendDueAsync(Cancelled);

        public Task<List<WebhookDelivery>> AllAsync() => Database.ReadAsync(db => db.Set<WebhookDelivery>().OrderBy(delivery => delivery.Id).ToListAsync(Cancelled), Cancelled);

        public Task<Webhook> WebhookAsync() => Database.ReadAsync(db => db.Set<Webhook>().SingleAsync(Cancelled), Cancelled);

        public Task ChangeAsync(Func<IQueryable<WebhookDelivery>, Task<int>> change) => Database.WriteAsync(db => change(db.Set<WebhookDelivery>()), Cancelled);

        public Task SuspendAsync(DateTimeOffset? at) => Database.WriteAsync(
            db => db.Set<Account>().ExecuteUpdateAsync(set => set.SetProperty(account => account.SuspendedAt, at), Cancelled), Cancelled);

        public Task RemoveAsync(DateTimeOffset? at) => Database.WriteAsync(
            db => db.Set<Account>().ExecuteUpdateAsync(set => set.SetProperty(account => account.RemoveAt, at), Cancelled), Cancelled);

        public Task CleanUpAsync() => _kernel.Get<CleanUpRunner>().RunAsync(_kernel.Get<IEnumerable<CleanUp>>().Single(cleanUp => cleanUp.Name == "webhook-messages"), "here", Cancelled);

        public ValueTask DisposeAsync() => _kernel.DisposeAsync();
    }
}
