using Calango.Core.Knowledge;
using FluentValidation;

namespace Calango.Web.Pages.Knowledge;

/// <summary>What a browser sends of a collection's form beside its options.</summary>
public sealed class CollectionFields
{
    /// <inheritdoc cref="Collection.Name"/>
    public string? Name { get; set; }

    /// <inheritdoc cref="Collection.Description"/>
    public string? Description { get; set; }

    /// <summary>The model that places its passages; empty: none.</summary>
    public string? Embedder { get; set; }

    /// <summary>What is Portuguese is translated for a model that does not know it.</summary>
    public bool Translates { get; set; }
}

internal sealed class CollectionRules : AbstractValidator<CollectionFields>
{
    public CollectionRules()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(fields => fields.Name).Must(text => !string.IsNullOrWhiteSpace(text)).WithErrorCode("required")
            .Must(text => text!.Trim().Length <= Collection.MaxNameLength).WithErrorCode("tooLong")
            .Must(text => !text!.Any(char.IsControl)).WithErrorCode("characters");
        RuleFor(fields => fields.Description).Must(text => text is null || text.Trim().Length <= Collection.MaxDescriptionLength).WithErrorCode("tooLong");
    }
}
