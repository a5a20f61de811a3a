using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Calango.Core.Data;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Bench;

/// <summary>Whether the time of an answer before the door tells which addresses have accounts (N04 of the security tests counts the work; this is the clock).</summary>
internal static partial class Enumeration
{
    // Three links for another password an hour are sent to an address, so each account is asked for once.
    private const int Tries = 60;

    public static async Task MeasureAsync(Machine machine, Report report)
    {
        if (Environment.GetEnvironmentVariable("BENCH_POSTGRES") is not { Length: > 0 } postgres)
        {
            report.Note("answers before the door", "not measured: BENCH_POSTGRES is not set");
            return;
        }

        var folder = machine.NewFolder();
        await using var process = (await machine.StartCalangoAsync(folder, postgres)).Process;
        await OpenSignUpsAsync(process);
        await WriteAccountsAsync(folder, postgres);
        var network = 0;
        foreach (var path in (string[])["sign-in", "forgotten", "sign-up"])
        {
            var times = new Dictionary<string, List<double>> { ["somebody"] = [], ["nobody"] = [] };
            // In any order: what the server does after an answer, such as sending a link, must not always meet the same kind of question.
            foreach (var (who, number) in Shuffled())
            {
                times[who].Add(await AskAsync(process.Address, path, Address(who, number), network++));
            }

            var (known, unknown) = (Report.Median(times["somebody"]), Report.Median(times["nobody"]));
            report.Note($"{path}, an address that somebody has", Report.Show(known, "ms"));
            report.Note($"{path}, an address that nobody has", Report.Show(unknown, "ms"));
            report.Limit($"{path}, difference of the medians", "%", Math.Abs(known - unknown) / Math.Min(known, unknown) * 100, 15);
        }
    }

    private static (string Who, int Number)[] Shuffled()
    {
        var asked = Enumerable.Range(0, Tries).SelectMany(number => new[] { ("somebody", number), ("nobody", number) }).ToArray();
        new Random(1).Shuffle(asked);
        return asked;
    }

    private static string Address(string who, int number) => string.Create(CultureInfo.InvariantCulture, $"{who}{number}@example.org");

    private static async Task OpenSignUpsAsync(ServerProcess process)
    {
        var page = await process.Http.GetStringAsync("admin/people/sign-ups");
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", Token().Match(page).Groups["token"].Value), new("_method", "PUT"), new("Way", "Open")]);
        using var response = await process.Http.PostAsync("admin/people/sign-ups", form);
        if ((int)response.StatusCode >= 400)
        {
            throw new InvalidOperationException($"The sign-up was not opened: {response.StatusCode}.");
        }
    }

    // All with the password of the first account, whose hash is there already.
    private static async Task WriteAccountsAsync(string folder, string postgres)
    {
        var options = new DatabaseOptions { SqlitePath = Path.Combine(folder, "calango.db"), Postgres = postgres };
        await using var services = new ServiceCollection().AddLogging().AddCalangoData(options).BuildServiceProvider();
        await services.GetRequiredService<Database>().WriteAsync(async db =>
        {
            var hash = (await db.Set<Credentials>().FirstAsync(credentials => credentials.PasswordHash != null)).PasswordHash;
            for (var i = 0; i < Tries; i++)
            {
                var account = new Account { Id = Guid.CreateVersion7(), Name = $"Somebody {i}", CreatedAt = TimeProvider.System.GetUtcNow() };
                db.Add(account);
                db.Add(new Credentials
                {
                    AccountId = account.Id, Email = Address("somebody", i), NormalizedEmail = Address("somebody", i).ToUpperInvariant(), IsEmailConfirmed = true, PasswordHash = hash,
                    SecurityStamp = $"{account.Id:N}", ConcurrencyStamp = $"{account.Id:N}",
                });
            }

            await db.SaveChangesAsync();
            return 0;
        }, CancellationToken.None);
    }

    // Each from a network address of its own, as a proxy says it, so that no limit comes in between.
    private static async Task<double> AskAsync(Uri server, string path, string email, int network)
    {
#pragma warning disable RS0030 // a measuring client of its own, outside any kernel
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server };
#pragma warning restore RS0030
        http.DefaultRequestHeaders.Add("X-Forwarded-For", $"203.0.{network / 250}.{(network % 250) + 1}");
        var page = await http.GetStringAsync(path);
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = Token().Match(page).Groups["token"].Value,
            ["Email"] = email,
            ["Name"] = "Somebody",
            ["Password"] = "a wrong one, but a long one",
            ["Captcha"] = await WorkAsync(http),
        });
        var stopwatch = Stopwatch.StartNew();
        using var response = await http.PostAsync(path, form);
        var time = stopwatch.Elapsed.TotalMilliseconds;
        return (int)response.StatusCode is 200 or 302 or 303 or 400 or 401 or 422 ? time : throw new InvalidOperationException($"/{path} answered {response.StatusCode}.");
    }

    // The first version of ALTCHA's proof of work.
    private static async Task<string> WorkAsync(HttpClient http)
    {
        var asked = await http.GetFromJsonAsync<JsonElement>("captcha");
        var (salt, challenge) = (asked.GetProperty("salt").GetString(), asked.GetProperty("challenge").GetString());
        var number = Enumerable.Range(0, asked.GetProperty("maxnumber").GetInt32() + 1).First(
            guess => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{salt}{guess}")))) == challenge);
        return Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(new
        {
            algorithm = asked.GetProperty("algorithm").GetString(),
            challenge,
            number,
            salt,
            signature = asked.GetProperty("signature").GetString(),
        }));
    }

    [GeneratedRegex("""name="__RequestVerificationToken"[^>]*value="(?<token>[^"]+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Token();
}
