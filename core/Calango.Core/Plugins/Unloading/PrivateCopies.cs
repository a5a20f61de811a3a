using System.Collections.Frozen;

namespace Calango.Core.Plugins;

/// <summary>
/// Parts of the framework that remember every type they were shown, in tables that nobody can clear. A plugin that uses
/// one gets a copy of its own, which goes with it. None of their types is in the contract, so both sides need not mean the same.
/// </summary>
internal static class PrivateCopies
{
    private static readonly string[] Descriptors = ["System.ComponentModel.TypeConverter"];

    private static readonly string[] Xml =
    [
        "System.Private.DataContractSerialization", "System.Private.Xml", "System.Private.Xml.Linq", "System.Runtime.Serialization.Json",
        "System.Runtime.Serialization.Xml", "System.Xml.ReaderWriter", "System.Xml.XDocument", "System.Xml.XPath", "System.Xml.XPath.XDocument",
        "System.Xml.XmlDocument", "System.Xml.XmlSerializer",
    ];

    // By what a plugin's assemblies refer to.
    private static readonly FrozenDictionary<string, string[]> Families = new Dictionary<string, string[]>
    {
        ["Microsoft.CSharp"] = ["Microsoft.CSharp"],
        ["System.ComponentModel.Annotations"] = ["System.ComponentModel.Annotations", .. Descriptors],
        ["System.ComponentModel.TypeConverter"] = Descriptors,
        ["System.Runtime.Serialization.Json"] = Xml,
        ["System.Runtime.Serialization.Xml"] = Xml,
        ["System.Xml.ReaderWriter"] = Xml,
        ["System.Xml.XDocument"] = Xml,
        ["System.Xml.XmlSerializer"] = Xml,
    }.ToFrozenDictionary();

    /// <summary>What a plugin gets copies of, by what its own assemblies refer to.</summary>
    public static FrozenSet<string> For(IEnumerable<string> references) =>
        references.SelectMany(reference => Families.GetValueOrDefault(reference) ?? []).ToFrozenSet();
}
