namespace Calango.Core.Identity;

/// <summary>What somebody says of themselves when their account is made. Checked at the edge; a name and an address are trimmed.</summary>
/// <param name="Name">How they want to be called.</param>
/// <param name="Email">Their address, by which they sign in.</param>
/// <param name="Password">In clear: never kept, never logged.</param>
public sealed record NewPerson(string Name, string Email, string Password)
{
    /// <summary>Whether they have shown that mail to it reaches them.</summary>
    public bool IsEmailConfirmed { get; init; }

    /// <summary>Without the password.</summary>
    public override string ToString() => Name;
}
