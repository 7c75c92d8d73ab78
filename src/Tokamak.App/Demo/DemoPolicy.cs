namespace Tokamak.App.Demo;

/// <summary>
/// The two policies of the demo brand. The first pays for new members and for closing, nothing else, and so teaches
/// clerks to hunt bounties. The second, from 2026 on, pays for keeping a member (owner, decaying), for handing over
/// pickups, and more to those who sell more.
/// </summary>
public static class DemoPolicy
{
    public const string Json =
        """
        [
          {
            "policy": "referral", "version": 1, "effectiveFrom": "2025-05-01",
            "timezone": "Asia/Taipei", "currency": "TWD",
            "services": [
              {"kind": "app-install", "strength": 3, "lockDays": 90, "lifeDays": 365},
              {"kind": "sign-up", "strength": 3, "lockDays": 90, "lifeDays": 365},
              {"kind": "qr-scan", "strength": 1, "lockDays": 7, "lifeDays": 60},
              {"kind": "store-sale", "strength": 2, "lockDays": 14, "lifeDays": 90}
            ],
            "takeover": "stronger",
            "staffMoves": "keep", "staffLeaves": "store",
            "decay": [],
            "linkDays": 1,
            "selfPurchase": "exclude",
            "split": [
              {"channel": "online", "closer": ["staff", "code", "link"], "shares": {"owner": 0, "closer": 50, "handover": 0}},
              {"channel": "store", "closer": ["staff"], "shares": {"owner": 0, "closer": 100, "handover": 0}}
            ],
            "rates": [
              {"role": "closer", "grade": "senior", "rate": 240},
              {"role": "closer", "rate": 220}
            ],
            "staffPercent": 90,
            "bounties": [
              {"service": "app-install", "amount": 80, "oncePer": "member", "bound": true, "requiresPurchaseWithinDays": 30, "minNet": 500},
              {"service": "sign-up", "amount": 30, "oncePer": "member"}
            ],
            "holdDays": {"store": 7, "online": 10}, "clawbackDays": 60
          },
          {
            "policy": "referral", "version": 2, "effectiveFrom": "2026-01-01",
            "timezone": "Asia/Taipei", "currency": "TWD",
            "services": [
              {"kind": "app-install", "strength": 3, "lockDays": 30, "lifeDays": 180},
              {"kind": "sign-up", "strength": 3, "lockDays": 30, "lifeDays": 180},
              {"kind": "qr-scan", "strength": 1, "lockDays": 7, "lifeDays": 60},
              {"kind": "store-sale", "strength": 2, "lockDays": 14, "lifeDays": 90},
              {"kind": "assisted-sale", "strength": 2, "lockDays": 14, "lifeDays": 90},
              {"kind": "link-click", "strength": 1, "lockDays": 0, "lifeDays": 30, "renews": false},
              {"kind": "handed-on", "strength": 1, "lockDays": 0, "lifeDays": 0, "renews": false}
            ],
            "takeover": "equal",
            "staffMoves": "keep", "staffLeaves": "store",
            "decay": [{"days": 30, "percent": 100}, {"days": 90, "percent": 50}, {"days": 180, "percent": 20}],
            "linkDays": 3,
            "selfPurchase": "exclude",
            "split": [
              {"channel": "online", "closer": ["staff", "code", "link"], "shares": {"owner": 40, "closer": 40, "handover": 10}},
              {"channel": "store", "closer": ["staff"], "shares": {"owner": 0, "closer": 100, "handover": 0}}
            ],
            "rates": [
              {"role": "owner", "rate": 220},
              {"role": "closer", "grade": "senior", "rate": 260, "categories": {"shoes": 300}},
              {"role": "closer", "rate": 230, "categories": {"shoes": 270}},
              {"role": "handover", "rate": 150, "perHandover": 15, "perHandoverMinNet": 300}
            ],
            "bands": {"mode": "marginal", "steps": [{"from": 0, "percent": 100}, {"from": 300000, "percent": 120}, {"from": 450000, "percent": 140}]},
            "capPerMonth": 30000,
            "staffPercent": 85,
            "bounties": [
              {"service": "app-install", "amount": 40, "oncePer": "member", "bound": true, "requiresPurchaseWithinDays": 30, "minNet": 500}
            ],
            "holdDays": {"store": 7, "online": 10}, "clawbackDays": 60
          }
        ]

        """;
}
