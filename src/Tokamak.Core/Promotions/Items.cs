namespace Tokamak.Core.Promotions;

/// <summary>Which articles an offer means: all, or those that one of its lists names, narrowed by the others.</summary>
public sealed record Items
{
    public bool All { get; init; }
    public IReadOnlyList<string> Skus { get; init; } = [];
    public IReadOnlyList<string> Categories { get; init; } = [];
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>One of these categories as well; null: not asked.</summary>
    public IReadOnlyList<string>? AlsoCategories { get; init; }

    public IReadOnlyList<string> ExceptSkus { get; init; } = [];
    public IReadOnlyList<string> ExceptCategories { get; init; } = [];
    public IReadOnlyList<string> ExceptTags { get; init; } = [];

    public bool Match(string sku, IReadOnlyList<string> categories, IReadOnlyList<string> tags) =>
        (All || Skus.Contains(sku) || Meet(Categories, categories) || Meet(Tags, tags))
        && (AlsoCategories is null || Meet(AlsoCategories, categories))
        && !ExceptSkus.Contains(sku) && !Meet(ExceptCategories, categories) && !Meet(ExceptTags, tags);

    private static bool Meet(IReadOnlyList<string> some, IReadOnlyList<string> others)
    {
        for (var i = 0; i < some.Count; i++)
            for (var k = 0; k < others.Count; k++)
                if (some[i] == others[k]) return true;
        return false;
    }
}
