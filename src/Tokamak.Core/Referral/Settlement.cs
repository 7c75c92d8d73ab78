using System.Runtime.InteropServices;
using Tokamak.Core.Kernel;

namespace Tokamak.Core.Referral;

/// <summary>
/// The accounts behind statements (R14). Takes the postings of each day, in the order of days; when a month is over,
/// every sale month it touched is settled and pays the change since it was last settled. Statements follow from postings
/// alone: nothing here looks at a sale.
/// </summary>
public sealed class Settlement(Policy policy, Roster roster)
{
    private readonly StaffAccount?[] _staff = new StaffAccount?[roster.All.Count];
    private readonly Dictionary<StaffId, StaffAccount> _unnamed = [];
    private readonly Dictionary<StoreId, StoreAccount> _stores = [];
    private readonly List<EarningsRow> _earnings = [];
    private readonly List<StatementRow> _statements = [];
    private Month? _open;

    /// <summary>Rows of earnings.csv by period, staff and sale month, of the months settled so far.</summary>
    public IReadOnlyList<EarningsRow> Earnings => _earnings;

    /// <summary>Rows of statements.csv by period, of the months settled so far; within one, staff first.</summary>
    public IReadOnlyList<StatementRow> Statements => _statements;

    public void Take(DayPostings day)
    {
        Open(Month.Of(day.Day));
        foreach (ref readonly var posting in CollectionsMarshal.AsSpan(day.Credits)) Credit(posting.Party, posting.Amount);
        foreach (ref readonly var posting in CollectionsMarshal.AsSpan(day.Commissions))
            Commission(posting.Party, posting.SaleMonth, posting.AmountE4, posting.VestedCredit);
        foreach (var bounty in day.Bounties) Bounty(bounty.Clerk, bounty.Amount);
    }

    /// <summary>What follows is dated in this month; the month before is settled. Months rise.</summary>
    public void Open(Month month)
    {
        if (_open is { } open && open < month) Close();
        _open = month;
    }

    /// <summary>Settles the open month; to be called once more after the last day.</summary>
    public void Close()
    {
        if (_open is not { } period) return;
        var staff = roster.All.Select(clerk => (clerk.Id, Account: _staff[clerk.Number])).Concat(_unnamed.Select(account => (Id: account.Key, Account: (StaffAccount?)account.Value)));
        foreach (var (id, account) in staff.OrderBy(clerk => clerk.Id))
            if (account is not null) CloseStaff(period, id, account);
        foreach (var (id, account) in _stores.OrderBy(a => a.Key)) CloseStore(period, id, account);
        _open = null;
    }

    /// <summary>Credit of the open month, whole units: it counts on the statements of the store and of the clerk.</summary>
    public void Credit(Party party, Int128 amount)
    {
        Store(party.Store).Credit += amount;
        if (party.Clerk is { } clerk) Staff(clerk).Credit += amount;
    }

    /// <summary>
    /// Commission of the open month in ten-thousandths, with the credit that it brings to the bands. A clerk's is kept by
    /// sale month and store, a store's own by sale month.
    /// </summary>
    public void Commission(Party party, Month saleMonth, Int128 amountE4, Int128 vestedCredit)
    {
        if (party.Clerk is not { } clerk)
        {
            Store(party.Store).Touch(saleMonth).GrossE4 += amountE4;
            return;
        }
        var month = Staff(clerk).Touch(saleMonth);
        month.GrossE4 += amountE4;
        month.Credit += vestedCredit;
        if (amountE4 == 0) return;
        ref var byStore = ref CollectionsMarshal.GetValueRefOrAddDefault(month.GrossByStore, party.Store, out _);
        byStore += amountE4;
    }

    /// <summary>A bounty of the open month, whole units.</summary>
    public void Bounty(StaffTimeline clerk, Int128 amount) => Staff(clerk).Bounty += amount;

    private void CloseStaff(Month period, StaffId id, StaffAccount account)
    {
        Int128 commission = 0, staffPay = 0, pool = 0;
        account.Touched.Sort();
        foreach (var saleMonth in account.Touched)
        {
            var month = account.Months[saleMonth];
            month.Touched = false;
            var version = policy.SettlingMonth(saleMonth);
            var earned = SettlementRules.Earned(month.GrossE4, month.Credit, version);
            var pay = SettlementRules.StaffPay(earned, version);
            var pools = SettlementRules.Divide(earned - pay, month.GrossByStore);
            if (month.Credit != month.SettledCredit || month.GrossE4 != month.SettledGrossE4 || earned != month.Earned)
                _earnings.Add(new EarningsRow(period, id, saleMonth, month.Credit, month.GrossE4, earned, earned - month.Earned));
            commission += earned - month.Earned;
            staffPay += pay - month.StaffPay;
            pool += earned - pay - (month.Earned - month.StaffPay);
            foreach (var (store, part) in pools) Store(store).Pool += part;
            foreach (var (store, part) in month.Pools) Store(store).Pool -= part;
            month.Settle(earned, pay, pools);
        }
        account.Touched.Clear();

        if (account.Credit != 0 || commission != 0 || staffPay != 0 || pool != 0 || account.Bounty != 0)
        {
            var due = staffPay + account.Bounty + account.Carried;
            var paid = Int128.Max(0, due);
            account.Carried = due - paid;
            _statements.Add(new StatementRow(period, id, null, account.Credit, commission, staffPay, pool, account.Bounty, paid, account.Carried));
        }
        account.Credit = account.Bounty = 0;
    }

    private void CloseStore(Month period, StoreId id, StoreAccount account)
    {
        foreach (var saleMonth in account.Touched)
        {
            var month = account.Months[saleMonth];
            month.Touched = false;
            var earned = SettlementRules.StoreEarned(month.GrossE4);
            account.Pool += earned - month.Earned;
            month.Earned = earned;
        }
        account.Touched.Clear();
        if (account.Credit != 0 || account.Pool != 0)
            _statements.Add(new StatementRow(period, null, id, account.Credit, account.Pool, 0, account.Pool, 0, 0, 0));
        account.Credit = account.Pool = 0;
    }

    private StaffAccount Staff(StaffTimeline clerk)
    {
        if (clerk.Number >= 0) return _staff[clerk.Number] ??= new StaffAccount();
        ref var account = ref CollectionsMarshal.GetValueRefOrAddDefault(_unnamed, clerk.Id, out _);
        return account ??= new StaffAccount();
    }

    private StoreAccount Store(StoreId id)
    {
        ref var account = ref CollectionsMarshal.GetValueRefOrAddDefault(_stores, id, out _);
        return account ??= new StoreAccount();
    }

    /// <summary>A sale month's totals and what has been settled of it so far.</summary>
    private sealed class SaleMonthAccount
    {
        public bool Touched { get; set; }
        public Int128 Credit { get; set; }
        public Int128 GrossE4 { get; set; }
        public Dictionary<StoreId, Int128> GrossByStore { get; } = [];
        public Int128 SettledCredit { get; private set; }
        public Int128 SettledGrossE4 { get; private set; }
        public Int128 Earned { get; set; }
        public Int128 StaffPay { get; private set; }
        public Dictionary<StoreId, Int128> Pools { get; private set; } = [];

        public void Settle(Int128 earned, Int128 staffPay, Dictionary<StoreId, Int128> pools) =>
            (SettledCredit, SettledGrossE4, Earned, StaffPay, Pools) = (Credit, GrossE4, earned, staffPay, pools);
    }

    private abstract class Account
    {
        private SaleMonthAccount? _last;
        private Month _lastMonth;

        public Int128 Credit { get; set; }
        public Dictionary<Month, SaleMonthAccount> Months { get; } = [];

        /// <summary>Sale months that changed in the open month: only these are settled.</summary>
        public List<Month> Touched { get; } = [];

        public SaleMonthAccount Touch(Month saleMonth)
        {
            if (_last is { Touched: true } && _lastMonth == saleMonth) return _last;
            ref var month = ref CollectionsMarshal.GetValueRefOrAddDefault(Months, saleMonth, out _);
            month ??= new SaleMonthAccount();
            if (!month.Touched)
            {
                month.Touched = true;
                Touched.Add(saleMonth);
            }
            (_last, _lastMonth) = (month, saleMonth);
            return month;
        }
    }

    private sealed class StaffAccount : Account
    {
        public Int128 Bounty { get; set; }
        public Int128 Carried { get; set; }
    }

    private sealed class StoreAccount : Account
    {
        public Int128 Pool { get; set; }
    }
}
