using Tokamak.App.Web;

namespace Tokamak.App.Referral;

/// <summary>The usual kinds of service in words; a brand's own kind stands for itself.</summary>
public static class ServiceKinds
{
    public static string Words(Texts t, string kind) => kind switch
    {
        "app-install" => t["kind.install"],
        "sign-up" => t["kind.signup"],
        "qr-scan" => t["kind.scan"],
        "link-click" => t["kind.link"],
        "store-sale" => t["kind.storesale"],
        "assisted-sale" => t["kind.assisted"],
        "member-choice" => t["kind.choice"],
        "member-decline" => t["kind.decline"],
        _ => kind,
    };
}
