using System.Text.Json;
using System.Text.Json.Nodes;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Identity;

/// <summary>Project Wycheproof's vectors of JSON Web Signatures.</summary>
public sealed class WycheproofTests(ITestOutputHelper output)
{
    // A vector that is right, under a key that says that it is for another algorithm: by RFC 7517, section 4.4, that is a reason to refuse.
    private static readonly int[] KeyOfAnotherAlgorithm = [346, 347, 350, 351];

    [Fact]
    public void No_wrong_signature_is_accepted_and_every_right_one_of_a_known_algorithm_is()
    {
        var path = Path.Combine(TestFolders.Data, "wycheproof", "json_web_signature_test.json");
        Assert.SkipUnless(File.Exists(path), "json_web_signature_test.json is not here: set CALANGO_TEST_DATA");
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        var vectors = file.RootElement.GetProperty("testGroups").EnumerateArray()
            .SelectMany(group => group.GetProperty("tests").EnumerateArray().Select(test => (Group: group, Test: test))).ToList();

        var judged = vectors.ConvertAll(vector => (
            Id: vector.Test.GetProperty("tcId").GetInt32(),
            IsRight: vector.Test.GetProperty("result").ValueEquals("valid"),
            IsKnown: vector.Group.TryGetProperty("public", out _),
            Refusal: Judge(KeyOf(vector.Group), vector.Test)));

        var accepted = judged.FindAll(vector => vector.Refusal is null);
        output.WriteLine($"{judged.Count} vectors; {judged.Count(vector => !vector.IsRight)} wrong ones, {accepted.Count(vector => !vector.IsRight)} of them accepted; "
            + $"{judged.Count(vector => vector is { IsRight: true, IsKnown: true })} right ones of public keys, {accepted.Count(vector => vector.IsRight)} accepted.");
        foreach (var reason in judged.GroupBy(vector => vector.Refusal).OrderBy(group => group.Key))
        {
            output.WriteLine($"{reason.Key?.ToString() ?? "accepted"}: {reason.Count()}");
        }

        Assert.Equal(401, judged.Count);
        Assert.Empty(accepted.Where(vector => !vector.IsRight).Select(vector => vector.Id));
        Assert.Equal(KeyOfAnotherAlgorithm, judged.FindAll(vector => vector is { IsRight: true, IsKnown: true, Refusal: not null }).ConvertAll(vector => vector.Id));
        Assert.All(vectors.Where(vector => KeyOfAnotherAlgorithm.Contains(vector.Test.GetProperty("tcId").GetInt32())), vector => Assert.Null(Judge(WithoutAlgorithm(KeyOf(vector.Group)), vector.Test)));
        Assert.All(judged.FindAll(vector => !vector.IsKnown), vector => Assert.NotNull(vector.Refusal));
    }

    private static JsonObject KeyOf(JsonElement group) => JsonObject.Create(group.TryGetProperty("public", out var key) ? key : group.GetProperty("private"))!;

    private static JsonObject WithoutAlgorithm(JsonObject key)
    {
        key.Remove("alg");
        return key;
    }

    private static LoginRefusal? Judge(JsonObject key, JsonElement test)
    {
        try
        {
            var token = Jws.Read(test.GetProperty("jws").GetString()!, "jwt");
            token.Check(SigningKeys.Read(JsonSerializer.SerializeToElement(new { keys = new[] { key } })).Choose(token.Algorithm, token.KeyId));
            return null;
        }
        catch (LoginRefusedException refused)
        {
            return refused.Reason;
        }
    }
}
