using System.Globalization;
using Tokamak.App.Web;
using Tokamak.Core.Kernel;
using Tokamak.Core.Members;

namespace Tokamak.App.Members.Verification;

/// <summary>What somebody proves a key for. A challenge for one is no proof for another.</summary>
public enum VerificationPurpose
{
    Join,
    SignIn,

    /// <summary>A member who is signed in adds a key.</summary>
    AddKey,
}

public enum MessageChannel { Sms, Email }

/// <summary>What a message is for: a code, or something that a member is to know.</summary>
public enum MessagePurpose
{
    Join,
    SignIn,
    AddKey,

    /// <summary>Their clerk has left, and they are to be handed on unless they refuse.</summary>
    HandingOn,
}

/// <summary>A message to one person.</summary>
/// <param name="Id">The same in every try.</param>
/// <param name="Channel">By what it goes.</param>
/// <param name="Brand">The brand as the catalogue knows it.</param>
/// <param name="To">The number or address.</param>
/// <param name="Language">What the text is written in.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Text">All there is to say.</param>
/// <param name="ExpiresAt">From then on it is of no use: whoever has not sent it by then need not.</param>
public sealed record Message(string Id, MessageChannel Channel, string Brand, MemberKey To, Language Language, MessagePurpose Purpose, string Text, Instant ExpiresAt)
{
    // A record shows all it has: the number and the code belong into no log.
    public override string ToString() => $"message {Id}";
}

/// <summary>Takes messages on their way.</summary>
public interface IMessageSender
{
    /// <returns>False: it could not be sent, as far as one can tell.</returns>
    Task<bool> SendAsync(Message message, CancellationToken stop);
}

/// <summary>What takes messages here; null where none of a kind can be sent.</summary>
public sealed record MessageSenders(IMessageSender? Sms = null, IMessageSender? Email = null)
{
    public IMessageSender? Find(MessageChannel? channel) => channel switch { MessageChannel.Sms => Sms, MessageChannel.Email => Email, _ => null };

    /// <summary>By what a key is reached; null for keys that nothing can be sent to.</summary>
    public static MessageChannel? ChannelOf(KeyKind kind) => kind switch { KeyKind.Phone => MessageChannel.Sms, KeyKind.Email => MessageChannel.Email, _ => null };
}

/// <summary>Prints messages in place of sending them: for the demo, whose only reader sits at the console.</summary>
public sealed class ConsoleMessages(TextWriter console) : IMessageSender
{
    public async Task<bool> SendAsync(Message message, CancellationToken stop)
    {
        await console.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"Demo, nothing is sent. {message.Channel} to {KeyMask.Of(message.To)}: {message.Text}").AsMemory(), stop);
        return true;
    }
}
