using Calango.Core.Identity;
using Calango.Core.Mail;
using FluentValidation;
using FluentValidation.Results;

namespace Calango.Web.Identity;

/// <summary>What may be entered about a person. An error code is the end of a locale key <c>invalid.{code}</c>.</summary>
internal static class PersonRules
{
    public static IRuleBuilderOptions<T, string?> IsName<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => !string.IsNullOrWhiteSpace(text)).WithErrorCode("required")
        .Must(text => text!.Trim().Length <= Account.MaxNameLength).WithErrorCode("tooLong")
        .Must(text => !text!.Any(char.IsControl)).WithErrorCode("characters");

    public static IRuleBuilderOptions<T, string?> IsEmail<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => !string.IsNullOrWhiteSpace(text)).WithErrorCode("required")
        .Must(text => text!.Trim().Length <= Credentials.MaxEmailLength).WithErrorCode("tooLong")
        .Must(text => IsAddress(text!.Trim())).WithErrorCode("email");

    /// <summary>An address to which mail can be sent.</summary>
    public static IRuleBuilderOptions<T, string?> IsMailed<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => MailAddresses.IsOne(text?.Trim())).WithErrorCode("email");

    /// <param name="rule">The rule of the password.</param>
    /// <param name="knownTexts">What everybody knows of the server and of whose password it will be.</param>
    public static IRuleBuilderOptions<T, string?> IsNewPassword<T>(this IRuleBuilder<T, string?> rule, Func<T, IEnumerable<string?>> knownTexts) => rule
        .Must(text => !string.IsNullOrEmpty(text)).WithErrorCode("required")
        .Must(text => text!.Length >= Credentials.MinPasswordLength).WithErrorCode("passwordShort")
        .Must(text => text!.Length <= Credentials.MaxPasswordLength).WithErrorCode("tooLong")
        .Must(text => !CommonPasswords.Contains(text!)).WithErrorCode("passwordCommon")
        .Must((fields, text) => !KnownWords.Make(text!, knownTexts(fields))).WithErrorCode("passwordWords");

    public static IRuleBuilderOptions<T, string?> IsThere<T>(this IRuleBuilder<T, string?> rule) => rule
        .Must(text => !string.IsNullOrEmpty(text)).WithErrorCode("required")
        .Must(text => text!.Length <= Credentials.MaxPasswordLength).WithErrorCode("tooLong");

    // A browser's is some kilobytes long.
    public static IRuleBuilderOptions<T, string?> IsAnswer<T>(this IRuleBuilder<T, string?> rule) => rule.Must(text => text is { Length: > 0 and <= 64 * 1024 }).WithErrorCode("required");

    /// <summary>The first mistake of each field, by the field's name.</summary>
    public static IReadOnlyDictionary<string, string> ByField(this ValidationResult result) =>
        result.Errors.GroupBy(error => error.PropertyName).ToDictionary(field => field.Key, field => field.First().ErrorCode);

    // One @, something on both sides, no space: whether mail arrives is only known by sending some.
    private static bool IsAddress(string text) =>
        text.IndexOf('@', StringComparison.Ordinal) is > 0 and var at && at == text.LastIndexOf('@') && at < text.Length - 1 && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter));
}
