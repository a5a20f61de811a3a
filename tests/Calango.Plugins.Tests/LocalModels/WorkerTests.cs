using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using static Calango.Plugins.Tests.LocalModels.WorkerClient;

namespace Calango.Plugins.Tests.LocalModels;

// The real worker with the real model.
public sealed class WorkerTests(TinyLlama tinyLlama) : IClassFixture<TinyLlama>
{
    private const string Capital = "What is the capital of France? Answer in one short sentence.";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_short_question_gets_a_sensible_answer()
    {
        await using var host = await tinyLlama.HostAsync();
        await using var endpoint = await host.Local.AcquireAsync(TinyLlama.Id, null, Cancel);
        using var client = new WorkerClient(endpoint);

        var answer = await client.AskAsync(Question(Capital), Cancel);

        Assert.Contains("Paris", Text(answer), StringComparison.Ordinal);
        Assert.Equal("stop", answer["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal("CPU", host.Local.Devices.Chosen.Split(' ')[0]);
    }

    [Fact]
    public async Task A_stream_says_the_same_as_a_whole_answer_and_what_it_took()
    {
        await using var host = await tinyLlama.HostAsync();
        await using var endpoint = await host.Local.AcquireAsync(TinyLlama.Id, null, Cancel);
        using var client = new WorkerClient(endpoint);

        var chunks = await client.StreamAsync(Question(Capital), Cancel);
        var whole = await client.AskAsync(Question(Capital), Cancel);

        var deltas = chunks.Where(chunk => chunk["choices"]!.AsArray().Count == 1).ToList();
        Assert.Equal(Text(whole), string.Concat(deltas.Select(chunk => chunk["choices"]![0]!["delta"]!["content"]?.GetValue<string>())));
        Assert.Equal("stop", deltas[^1]["choices"]![0]!["finish_reason"]!.GetValue<string>());
        var usage = chunks[^1]["usage"]!;
        Assert.Equal(whole["usage"]!["prompt_tokens"]!.GetValue<int>(), usage["prompt_tokens"]!.GetValue<int>());
        Assert.True(usage["completion_tokens"]!.GetValue<int>() > 3);
    }

    [Fact]
    public async Task A_conversation_is_not_read_twice()
    {
        await using var host = await tinyLlama.HostAsync();
        await using var endpoint = await host.Local.AcquireAsync(TinyLlama.Id, null, Cancel);
        using var client = new WorkerClient(endpoint);
        var first = await client.AskAsync(Question(Capital), Cancel);

        var next = Question("And of Italy?", maxTokens: 5);
        next["messages"] = new JsonArray(Message("user", Capital), Message("assistant", Text(first)), Message("user", "And of Italy?"));
        var second = await client.AskAsync(next, Cancel);

        var cached = second["usage"]!["prompt_tokens_details"]!["cached_tokens"]!.GetValue<int>();
        Assert.True(cached >= first["usage"]!["prompt_tokens"]!.GetValue<int>(), $"{cached} tokens were kept");
    }

    [Fact]
    public async Task An_answer_ends_at_its_limit_and_at_a_stop_text()
    {
        await using var host = await tinyLlama.HostAsync();
        await using var endpoint = await host.Local.AcquireAsync(TinyLlama.Id, null, Cancel);
        using var client = new WorkerClient(endpoint);

        var cut = await client.AskAsync(Question(Capital, maxTokens: 2), Cancel);
        var stopping = Question(Capital);
        stopping["stop"] = "Paris";
        var stopped = await client.AskAsync(stopping, Cancel);

        Assert.Equal("length", cut["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.Equal(2, cut["usage"]!["completion_tokens"]!.GetValue<int>());
        Assert.Equal("stop", stopped["choices"]![0]!["finish_reason"]!.GetValue<string>());
        Assert.EndsWith("is ", Text(stopped), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_prompt_beyond_the_window_is_refused_as_OpenAI_does()
    {
        await using var host = await tinyLlama.HostAsync();
        await using var endpoint = await host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel);
        using var client = new WorkerClient(endpoint);

        using var response = await client.SendAsync(Question(string.Concat(Enumerable.Repeat("word ", 600))), Cancel);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!["error"]!;

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("context_length_exceeded", error["code"]!.GetValue<string>());
        Assert.Contains("512", error["message"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_request_is_refused_with_an_error_of_OpenAIs_form()
    {
        await using var host = await tinyLlama.HostAsync();
        await using var endpoint = await host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel);
        using var client = new WorkerClient(endpoint);
        string[] wrong =
        [
            "{}",
            "not json",
            """{"messages":[]}""",
            """{"messages":[{"role":"user","content":[{"type":"image_url"}]}]}""",
            """{"messages":[{"role":"user","content":"x"}],"temperature":9}""",
            """{"messages":[{"role":"user","content":"x"}],"max_tokens":0}""",
            """{"messages":[{"role":"user","content":"x"}],"stop":7}""",
        ];

        foreach (var body in wrong)
        {
            using var response = await client.PostAsync(body, Cancel);

            Assert.Equal((body, HttpStatusCode.BadRequest), (body, response.StatusCode));
            Assert.NotNull(JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancel))!["error"]!["message"]);
        }
    }

    [Fact]
    public async Task Without_the_key_nobody_is_served()
    {
        await using var host = await tinyLlama.HostAsync();
        await using var endpoint = await host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel);
        using var stranger = new WorkerClient(endpoint, key: "guess");

        using var response = await stranger.SendAsync(Question(Capital), Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Whoever_hangs_up_frees_the_model_at_once()
    {
        await using var host = await tinyLlama.HostAsync();
        await using var endpoint = await host.Local.AcquireAsync(TinyLlama.Id, null, Cancel);
        using var client = new WorkerClient(endpoint);
        var endless = Question("Tell me a very long story.", maxTokens: 2000);
        endless["stream"] = true;
        endless["temperature"] = 1;
        endless["presence_penalty"] = 2;
        using (var response = await client.SendAsync(endless, Cancel))
        {
            await (await response.Content.ReadAsStreamAsync(Cancel)).ReadExactlyAsync(new byte[400], Cancel);
        }

        // Behind two thousand tokens it would wait for minutes.
        var next = await client.AskAsync(Question(Capital, maxTokens: 2), Cancel).WaitAsync(TimeSpan.FromSeconds(40), Cancel);

        Assert.Equal(2, next["usage"]!["completion_tokens"]!.GetValue<int>());
    }

    [Fact]
    public async Task Callers_who_come_together_share_one_worker()
    {
        await using var host = await tinyLlama.HostAsync();

        var endpoints = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel)));

        Assert.Single(host.Processes.Started);
        Assert.Single(endpoints.Select(endpoint => endpoint.Address).Distinct());
    }

    [Fact]
    public async Task A_worker_that_died_is_started_again()
    {
        await using var host = await tinyLlama.HostAsync();
        await using var first = await host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel);
        Process.GetProcessById(host.Processes.Started[0].Id).Kill();
        await host.Processes.Started[0].Exited.WaitAsync(Cancel);

        await using var second = await host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel);
        using var client = new WorkerClient(second);

        Assert.Contains("Paris", Text(await client.AskAsync(Question(Capital), Cancel)), StringComparison.Ordinal);
        Assert.Equal(2, host.Processes.Started.Count);
    }

    [Fact]
    public async Task A_worker_stops_when_nobody_used_it_for_five_minutes_and_not_before()
    {
        await using var host = await tinyLlama.HostAsync();
        var first = await host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel);
        var second = await host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel);
        var process = Assert.Single(host.Processes.Started);

        await first.DisposeAsync();
        host.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.False(process.Exited.IsCompleted);
        await second.DisposeAsync();
        host.Time.Advance(TimeSpan.FromMinutes(4));
        Assert.False(process.Exited.IsCompleted);
        host.Time.Advance(TimeSpan.FromMinutes(1));

        await process.Exited.WaitAsync(Cancel);
    }

    [Fact]
    public async Task A_larger_window_starts_an_idle_worker_anew()
    {
        await using var host = await tinyLlama.HostAsync();
        await (await host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel)).DisposeAsync();

        await using var larger = await host.Local.AcquireAsync(TinyLlama.Id, 1024, Cancel);
        await using var smaller = await host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel);

        Assert.Equal(2, host.Processes.Started.Count);
        Assert.Equal(larger.Address, smaller.Address);
    }

    [Fact]
    public async Task A_worker_does_not_outlive_its_server()
    {
        await using var host = await tinyLlama.HostAsync();
        await using var endpoint = await host.Local.AcquireAsync(TinyLlama.Id, 512, Cancel);
        var start = host.Processes.Starts[0];
        var info = new ProcessStartInfo(start.FileName, start.Arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in start.Environment!)
        {
            info.Environment[name] = value;
        }

        using var worker = Process.Start(info)!;
        Assert.Contains("127.0.0.1", await worker.StandardOutput.ReadLineAsync(Cancel), StringComparison.Ordinal);

        // What the system does to a dead server's pipes.
        worker.StandardInput.Close();

        await worker.WaitForExitAsync(Cancel);
        Assert.Equal(0, worker.ExitCode);
    }
}
