using System.Collections.Concurrent;
using Tokamak.App.Members.Verification;

namespace Tokamak.App.Tests.Members.Verification;

/// <summary>Takes messages and keeps them.</summary>
internal sealed class KeptMessages : IMessageSender
{
    public ConcurrentQueue<Message> Sent { get; } = new();

    public MessageSenders Senders => new(this, this);

    public Task<bool> SendAsync(Message message, CancellationToken stop)
    {
        Sent.Enqueue(message);
        return Task.FromResult(true);
    }
}
