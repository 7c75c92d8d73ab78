using Tokamak.App.Brands;
using Tokamak.App.Referral.Pages;
using Tokamak.Core.Kernel;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral.Papers;

/// <summary>A clerk's statement as it leaves the house, on paper or as a sheet.</summary>
/// <param name="Store">Where the clerk works, or worked at the end of the period; null where that is nowhere.</param>
public sealed record PrintedStatement(ClerkStatement Statement, StoreId? Store);

/// <summary>A row of a period's list: of a clerk, or of a store.</summary>
/// <param name="Store">The store of a store's row; of a clerk's, where the clerk works.</param>
public readonly record struct ListedStatement(StatementRow Row, StoreId? Store);

/// <summary>Whose paper it is, and when and from what it was made. The same origin and figures make the same bytes.</summary>
/// <param name="MadeAt">Given by the caller: a writer has no clock.</param>
/// <param name="Zone">In which the moment is told.</param>
/// <param name="FrozenSha256">Of the closed statement or period, as hexadecimal; null while it is open and may still change.</param>
public sealed record PaperOrigin(BrandNames Names, Instant MadeAt, Zone Zone, string? FrozenSha256 = null);
