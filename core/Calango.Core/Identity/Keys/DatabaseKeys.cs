using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Calango.Core.Data;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// Keeps the keys of data protection in the database, sealed with AES-256-GCM (NIST SP 800-38D): a nonce, a tag, the text. What
/// the folder has from a time before is read as well, so that nothing that it opened is lost.
/// </summary>
internal sealed class DatabaseKeys(Database database, ServerSecret secret, IXmlRepository folder) : IXmlRepository
{
    private static readonly int NonceLength = AesGcm.NonceByteSizes.MaxSize;
    private static readonly int TagLength = AesGcm.TagByteSizes.MaxSize;
    private readonly byte[] _key = secret.Derive("data protection keys", 32);

    // Data protection asks without waiting, on a thread that waits.
    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var stored = database.ReadAsync(db => db.Set<StoredKey>().OrderBy(key => key.Id).ToListAsync(), CancellationToken.None).GetAwaiter().GetResult();
        return [.. folder.GetAllElements(), .. stored.Select(key => XElement.Parse(Open(key.Sealed)))];
    }

    public void StoreElement(XElement element, string friendlyName) => database.WriteAsync(
        db =>
        {
            db.Add(new StoredKey { Id = Guid.CreateVersion7(), Sealed = Seal(element.ToString(SaveOptions.DisableFormatting)) });
            return db.SaveChangesAsync();
        },
        CancellationToken.None).GetAwaiter().GetResult();

    private byte[] Seal(string text)
    {
        var plain = Encoding.UTF8.GetBytes(text);
        var whole = new byte[NonceLength + TagLength + plain.Length];
        var (nonce, tag, cipher) = Parts(whole);
        RandomNumberGenerator.Fill(nonce.Span);
        using var aes = new AesGcm(_key, TagLength);
        aes.Encrypt(nonce.Span, plain, cipher.Span, tag.Span);
        return whole;
    }

    private string Open(byte[] whole)
    {
        var (nonce, tag, cipher) = Parts(whole);
        var plain = new byte[cipher.Length];
        try
        {
            using var aes = new AesGcm(_key, TagLength);
            aes.Decrypt(nonce.Span, cipher.Span, tag.Span, plain);
        }
        catch (AuthenticationTagMismatchException mismatch)
        {
            throw new WrongSecretException(mismatch);
        }

        return Encoding.UTF8.GetString(plain);
    }

    private static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Cipher) Parts(byte[] whole) =>
        (whole.AsMemory(0, NonceLength), whole.AsMemory(NonceLength, TagLength), whole.AsMemory(NonceLength + TagLength));
}
