using System.Collections.Frozen;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tokamak.App.Web.Outgoing;

namespace Tokamak.App.Members.Verification;

/// <summary>
/// Hands messages to whoever sends them for the brand, an SMS gateway or a mail server, by one signed POST (docs/messages.md). Once more
/// with the same id if that may help, and no oftener: somebody waits at the other end.
/// </summary>
public sealed partial class PostedMessages(Uri to, string secret, SignedPost post, ILogger<PostedMessages> log) : IMessageSender
{
    /// <summary>So long a receiver may take to answer, each time.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private static readonly JsonSerializerOptions Plain = new(JsonSerializerOptions.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly FrozenDictionary<MessageChannel, string> Channels = new Dictionary<MessageChannel, string> { [MessageChannel.Sms] = "sms", [MessageChannel.Email] = "email" }.ToFrozenDictionary();
    private static readonly FrozenDictionary<MessagePurpose, string> Purposes = new Dictionary<MessagePurpose, string>
    {
        [MessagePurpose.Join] = "join", [MessagePurpose.SignIn] = "sign-in", [MessagePurpose.AddKey] = "add-key", [MessagePurpose.HandingOn] = "handing-on",
    }.ToFrozenDictionary();

    public async Task<bool> SendAsync(Message message, CancellationToken stop)
    {
        var body = BodyOf(message);
        var outcome = await PostAsync(message.Id, body, stop);
        if (MayPass(outcome)) outcome = await PostAsync(message.Id, body, stop);
        if (!outcome.HasArrived) Failed(log, message.Id, Channels[message.Channel], message.Brand, outcome.Status?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? outcome.Fault!);
        return outcome.HasArrived;
    }

    private Task<PostOutcome> PostAsync(string id, ReadOnlyMemory<byte> body, CancellationToken stop) => post.SendAsync(to.ToString(), id, [secret], body, stop);

    /// <summary>A receiver that says the message is wrong will say so again.</summary>
    private static bool MayPass(PostOutcome outcome) => outcome.Status is null or >= 500 or StatusCodes.Status408RequestTimeout or StatusCodes.Status429TooManyRequests;

    private static byte[] BodyOf(Message message) => JsonSerializer.SerializeToUtf8Bytes(
        new
        {
            message.Id, Channel = Channels[message.Channel], message.Brand, To = message.To.Value, Language = message.Language.Code,
            Purpose = Purposes[message.Purpose], message.Text, ExpiresAt = message.ExpiresAt.ToString(),
        }, Plain);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Id} by {Channel} of {Brand} was not taken ({Why}): see whether what --sms-url or --email-url names is up.")]
    private static partial void Failed(ILogger log, string id, string channel, string brand, string why);
}
