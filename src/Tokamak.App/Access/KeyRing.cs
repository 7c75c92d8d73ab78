using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.EntityFrameworkCore;

namespace Tokamak.App.Access;

/// <summary>
/// The keys that protect cookies and forms, kept in the catalogue: every node of it reads the same ring, and a restored backup keeps its
/// sessions. Data protection asks for them without tasks, once a day and at the start.
/// </summary>
public sealed class KeyRing(StaffCatalogue catalogue) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => Task.Run(() => catalogue.ReadAsync(async context =>
        (await context.ProtectionKeys.AsNoTracking().OrderBy(key => key.Name).Select(key => key.Xml).ToListAsync()).ConvertAll(XElement.Parse), default)).GetAwaiter().GetResult();

    public void StoreElement(XElement element, string friendlyName) => Task.Run(() => catalogue.WriteAsync(context =>
    {
        context.ProtectionKeys.Add(new ProtectionKey { Name = friendlyName, Xml = element.ToString(SaveOptions.DisableFormatting) });
        return Task.FromResult(true);
    }, default)).GetAwaiter().GetResult();
}
