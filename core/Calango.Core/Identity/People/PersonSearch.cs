using Calango.Core.Data;
using Microsoft.AspNetCore.Identity;

namespace Calango.Core.Identity;

/// <summary>Finds people by what their name or address has in it.</summary>
internal static class PersonSearch
{
    public static IQueryable<Account> Found(this ILookupNormalizer normalizer, CalangoDb db, string? search)
    {
        if (string.IsNullOrWhiteSpace(search))
        {
            return db.Set<Account>();
        }

        var (name, email) = (search.Trim().ToLowerInvariant(), normalizer.NormalizeEmail(search.Trim()));
        return db.Set<Account>().Where(account =>
            account.Name.ToLower().Contains(name) || db.Set<Credentials>().Any(credentials => credentials.AccountId == account.Id && credentials.NormalizedEmail.Contains(email)));
    }
}
