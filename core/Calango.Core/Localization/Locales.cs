namespace Calango.Core.Localization;

/// <summary>Every sentence that a person sees, in each language. Thread-safe.</summary>
public sealed class Locales
{
    /// <summary>The languages there are, the source first.</summary>
    public IReadOnlyList<string> Languages => throw new NotImplementedException();

    /// <summary>The text of a key with its <c>{name}</c> placeholders filled.</summary>
    public string Text(string language, string key, params (string Name, string Value)[] arguments) => throw new NotImplementedException();

    /// <summary>The text of <c>key.one</c> or <c>key.other</c>, whichever the count asks for; <c>{count}</c> is filled in.</summary>
    public string Plural(string language, string key, long count, params (string Name, string Value)[] arguments) => throw new NotImplementedException();

    /// <summary>The language that a browser's Accept-Language likes best.</summary>
    public string Best(string? acceptLanguageHeader) => throw new NotImplementedException();
}
