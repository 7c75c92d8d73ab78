using Tokamak.App.Data;

namespace Tokamak.App.Serving;

/// <summary>Which brand a host name leads to: the one that has it, or the only one there is. What the catalogue said is believed for a few seconds.</summary>
public sealed class BrandHosts(Databases databases, TimeProvider time)
{
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);
    private (IReadOnlyList<CataloguedBrand> Brands, long At)? _known;
    private int _asking;

    public async ValueTask<string?> BrandOfAsync(HttpContext request)
    {
        // While one request asks anew, the others take what was known a moment ago.
        if (_known is not var (brands, at) || (time.GetElapsedTime(at) > Believed && Interlocked.Exchange(ref _asking, 1) == 0))
        {
            try
            {
                brands = await databases.BrandsAsync(request.RequestAborted);
                _known = (brands, time.GetTimestamp());
            }
            finally
            {
                _asking = 0;
            }
        }
        if (brands.Count == 1) return brands[0].Name;
        var host = request.Request.Host.Host.TrimEnd('.').ToLowerInvariant();
        return brands.FirstOrDefault(brand => brand.Hosts.Contains(host))?.Name;
    }
}
