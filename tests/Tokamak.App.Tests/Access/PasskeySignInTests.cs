using System.Buffers.Binary;
using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Tokamak.App.Access;
using Tokamak.App.Data;
using Tokamak.App.Tests.Data;
using Tokamak.App.Tests.Web;

namespace Tokamak.App.Tests.Access;

/// <summary>The sign-in by a passkey, with a device made of a few bytes (WebAuthn, ES256).</summary>
public sealed class PasskeySignInTests(PostgresServer server)
{
    [Theory, EveryDatabase]
    public async Task Wrong_passwords_lock_the_password_and_not_the_passkey(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var id = await world.AddAsync("Hana", AccountRole.Hq);
        using var device = await Device.AddToAsync(world, id);
        for (var i = 0; i < 5; i++) await world.Open().SignInAsync("hana", "wrong password");
        Assert.NotNull((await world.AccountAsync(id)).LockedUntilUtc);
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Open().SignInAsync("hana")).Status);

        var browser = world.Open();
        Assert.Equal("/", (await device.SignInAsync(browser)).Location);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/stores")).Status);
        var entry = (await world.AuditAsync())[^1];
        Assert.Equal((AuditKind.SignedIn, id, "passkey"), (entry.What, entry.Who, entry.Detail));
    }

    [Theory, EveryDatabase]
    public async Task A_refused_passkey_stands_in_the_log_with_its_account(Provider provider)
    {
        await using var world = await AccessWorld.CreateAsync(provider, server);
        var id = await world.AddAsync("Hana", AccountRole.Hq);
        using var device = await Device.AddToAsync(world, id);
        await world.Catalogue.WriteAsync(context => context.Accounts.Where(a => a.Id == id).ExecuteUpdateAsync(set => set.SetProperty(a => a.Enabled, false)), AccessWorld.Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, (await device.SignInAsync(world.Open())).Status);
        var entry = (await world.AuditAsync())[^1];
        Assert.Equal((AuditKind.SignInRefused, id.ToString()), (entry.What, entry.About));
    }

    private sealed class Device(Guid account, Uri host) : IDisposable
    {
        private static readonly byte[] Id = RandomNumberGenerator.GetBytes(16);
        private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        private uint _count;

        public static async Task<Device> AddToAsync(AccessWorld world, Guid account)
        {
            var device = new Device(account, world.Address);
            await world.Catalogue.WriteAsync(context =>
            {
                context.Passkeys.Add(new Passkey { CredentialId = Id, Account = account, PublicKey = device.PublicKey(), CreatedAtUtc = DateTime.UtcNow, UserVerified = true });
                return Task.FromResult(true);
            }, AccessWorld.Stop);
            return device;
        }

        public async Task<AccessWorld.Answer> SignInAsync(AccessWorld.Browser browser)
        {
            var token = SignedIn.FormToken((await browser.GetAsync("/sign-in")).Page);
            var options = await browser.PostAsync("/sign-in/passkey-options", ("__RequestVerificationToken", token));
            var challenge = JsonDocument.Parse(options.Page).RootElement.GetProperty("challenge").GetString();
            var client = JsonSerializer.SerializeToUtf8Bytes(new { type = "webauthn.get", challenge, origin = host.GetLeftPart(UriPartial.Authority), crossOrigin = false });
            var said = Said();
            var signature = _key.SignData([.. said, .. SHA256.HashData(client)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
            var credential = JsonSerializer.Serialize(new
            {
                id = Base64Url.EncodeToString(Id), rawId = Base64Url.EncodeToString(Id), type = "public-key", authenticatorAttachment = "platform", clientExtensionResults = new { },
                response = new
                {
                    clientDataJSON = Base64Url.EncodeToString(client), authenticatorData = Base64Url.EncodeToString(said), signature = Base64Url.EncodeToString(signature),
                    userHandle = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(account.ToString())),
                },
            });
            // A browser says where the form stands; what the device signed must be the same.
            return await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, "/sign-in")
            {
                Headers = { { "Origin", host.GetLeftPart(UriPartial.Authority) } },
                Content = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("_handler", "passkey"), new("Typed.Credential", credential)]),
            });
        }

        public void Dispose() => _key.Dispose();

        /// <summary>The host, that the owner was there and was made sure of, and how often.</summary>
        private byte[] Said()
        {
            var count = new byte[sizeof(uint)];
            BinaryPrimitives.WriteUInt32BigEndian(count, ++_count);
            return [.. SHA256.HashData(Encoding.UTF8.GetBytes(host.Host)), 0b101, .. count];
        }

        /// <summary>COSE: an elliptic curve key (1: 2), ES256 (3: -7), P-256 (-1: 1), x (-2), y (-3).</summary>
        private byte[] PublicKey()
        {
            var point = _key.ExportParameters(false).Q;
            return [0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!];
        }
    }
}
