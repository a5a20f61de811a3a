using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Serialization;
using Calango.Sdk;
using FluentValidation;
using Markdig;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Newtonsoft.Json;
using Npgsql;
using Polly;
using Polly.Retry;
using Polly.Timeout;
using JsonSerializer = System.Text.Json.JsonSerializer;

namespace Calango.Tests.LibraryDouble;

/// <summary>Uses a library as a plugin would, with types of the plugin's own.</summary>
public sealed class Libraries(IHttpClientFactory http, ILogger<Libraries> log)
{
    private const string InMemory = "Data Source=:memory:";

    /// <summary>Uses the one of this name.</summary>
    public void Use(string library, SettingsValues settings)
    {
        switch (library)
        {
            case "newtonsoft":
                Require(JsonConvert.DeserializeObject<Note>(JsonConvert.SerializeObject(new Note { Text = "one" }))!.Text == "one");
                break;
            case "polly":
                Retry();
                break;
            case "sqlite":
                Query(new SqliteConnection(InMemory), "select 1");
                break;
            case "npgsql":
                Query(new NpgsqlConnection(settings["postgres"]), "select 1");
                break;
            case "ef-core":
                Store();
                break;
            case "http-factory":
                Send(settings["address"]!);
                break;
            case "fluent-validation":
                Require(!new NoteValidator().Validate(new Note()).IsValid);
                break;
            case "markdig":
                Require(Markdown.ToHtml("*one*", new MarkdownPipelineBuilder().UseAdvancedExtensions().Build()).Contains("<em>", StringComparison.Ordinal));
                break;
            case "generated-json":
                Require(JsonSerializer.Deserialize(JsonSerializer.Serialize(new Note { Text = "one" }, NoteJson.Default.Note), NoteJson.Default.Note)!.Text == "one");
                break;
            case "logger":
                log.LogInformation("{Note}", new Note { Text = "one" });
                break;
            default:
                throw new ArgumentException(library);
        }
    }

    private static void Retry()
    {
        var tries = 0;
        var pipeline = new ResiliencePipelineBuilder<Note>()
            .AddRetry(new RetryStrategyOptions<Note> { Delay = TimeSpan.Zero, ShouldHandle = new PredicateBuilder<Note>().HandleResult(note => note.Text == "1") })
            .AddTimeout(new TimeoutStrategyOptions { Timeout = TimeSpan.FromMinutes(5) })
            .Build();
        Require(pipeline.Execute(() => new Note { Text = $"{++tries}" }).Text == "2");
    }

    private static void Query(System.Data.Common.DbConnection connection, string sql)
    {
        using (connection)
        {
            UseSystemSqlite();
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = sql;
            Require(Convert.ToInt64(command.ExecuteScalar()) == 1);
        }
    }

    private static void Store()
    {
        UseSystemSqlite();
        using var connection = new SqliteConnection(InMemory);
        connection.Open();
        using var notes = new NotesContext(connection);
        notes.Database.EnsureCreated();
        notes.Add(new Note { Text = "one" });
        notes.SaveChanges();
        Require(notes.Notes.Where(note => note.Text.StartsWith("o")).Select(note => new { note.Text }).Single().Text == "one");
    }

    private void Send(string address)
    {
        using var client = http.CreateClient("own");
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        using var response = client.Send(request);
        Require(response.StatusCode == HttpStatusCode.OK);
    }

    // As the server does for itself: the bundled library is an old one.
    private static void UseSystemSqlite()
    {
        try
        {
            NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? NativeLibrary.Load("libsqlite3.so.0") : 0);
        }
        catch (InvalidOperationException)
        {
            // It was told before.
        }

        SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());
    }

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException();
        }
    }
}

/// <summary>Something of the plugin's own type.</summary>
public sealed class Note
{
    /// <summary>Its key.</summary>
    public int Id { get; set; }

    /// <summary>Its text.</summary>
    public string Text { get; set; } = "";
}

/// <summary>Passes on what is sent.</summary>
internal sealed class Passing : DelegatingHandler;

internal sealed class NotesContext(SqliteConnection connection) : DbContext
{
    public DbSet<Note> Notes => Set<Note>();

    protected override void OnConfiguring(DbContextOptionsBuilder options) => options.UseSqlite(connection);
}

internal sealed class NoteValidator : AbstractValidator<Note>
{
    public NoteValidator() => RuleFor(note => note.Text).NotEmpty().MaximumLength(10);
}

[JsonSerializable(typeof(Note))]
internal sealed partial class NoteJson : JsonSerializerContext;
