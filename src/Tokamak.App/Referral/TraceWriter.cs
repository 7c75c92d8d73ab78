using Tokamak.App.Web;
using Tokamak.Core.Referral;

namespace Tokamak.App.Referral;

/// <summary>Writes the trace of a sale in one language.</summary>
public sealed class TraceWriter(Books books, Texts texts, Show show)
{
    /// <summary>The trace, or null where there is no such sale.</summary>
    public Trace? Of(FactId sale) => books.Journal.Sale(sale) is { } decision ? new Trace(decision.Sale.Fact.Id, []) : null;

    internal (Texts Texts, Show Show) Language => (texts, show);
}
