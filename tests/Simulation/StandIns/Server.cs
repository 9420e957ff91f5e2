// Stand-ins of what a session of the server stands on: tokens, the socket, the dispatcher's table of handlers, the registry.
using System.Buffers;
using System.Collections.Concurrent;
using System.Net;
using Chat.Domain.Accounts;
using Chat.Domain.Fanout;
using Chat.Protocol.Codes;
using Chat.Server.Sessions;
using Chat.Simulation.Cluster;

namespace Chat.Domain.Accounts
{
    /// <summary>A token is the two ids in plain; signatures and their end are tested elsewhere.</summary>
    public sealed class TokenVerifier(TimeProvider time)
    {
        public ValueTask<VerifiedToken> VerifyAsync(string token)
        {
            string[] parts = token.Split('.');
            Caller caller = new(long.Parse(parts[0], null), long.Parse(parts[1], null));
            return new ValueTask<VerifiedToken>(new VerifiedToken(TokenVerdict.Valid, caller, time.GetUtcNow() + TimeSpan.FromHours(1), null));
        }

        public bool IsRevoked(long deviceId) => deviceId <= 0;
    }

    public readonly record struct VerifiedToken(TokenVerdict Verdict, Caller Caller, DateTimeOffset ExpiresAt, string? Why);
}

namespace Chat.Domain.Limits
{
    /// <summary>Nobody is too quick here; limits are tested elsewhere.</summary>
    public sealed class RequestLimits
    {
        public Failure? JudgeSend(Caller caller, long chatId) => Pass((caller, chatId));

        public Failure? JudgeHistory(Caller caller, bool isCatchingUp) => Pass((caller, isCatchingUp));

        public void NoteRefusal(long principalId, long chatId) => Pass(principalId + chatId);

        private static Failure? Pass<T>(T whoAndWhat)
        {
            _ = whoAndWhat;
            return null;
        }
    }
}

namespace Chat.Domain.Media
{
    /// <summary>No message here shows a file.</summary>
    public sealed class MessageFiles
    {
        public Task<Failure?> JudgeAsync(Caller caller, Messages.SendMessageInput input, Protocol.Frames.Elements.WireMedia media, CancellationToken ct) =>
            throw new NotSupportedException($"{caller} sends {media.BlobId} with {input.ClientMessageId} ({ct.CanBeCanceled}).");
    }
}

namespace Chat.Domain.Statuses
{
    /// <summary>No message here answers a status.</summary>
    public sealed class StatusReplies
    {
        public Task<Failure?> JudgeAsync(
            Caller caller, Messages.SendMessageInput input, Protocol.Frames.Elements.WireStatusReference status, CancellationToken ct) =>
            throw new NotSupportedException($"{caller} answers {status.StatusId} with {input.ClientMessageId} ({ct.CanBeCanceled}).");
    }
}

namespace Chat.Domain.Links
{
    /// <summary>No message here links to a page.</summary>
    public sealed class LinkTokens
    {
        public Failure? Judge(in Protocol.Frames.Elements.WireLink link) => throw new NotSupportedException($"Somebody links to {link.Url}.");
    }
}

namespace Chat.Server.Limits
{
    /// <inheritdoc cref="Domain.Limits.RequestLimits"/>
    internal sealed class FramePace
    {
        public TimeSpan Count(ref long fullAt) => TimeSpan.FromTicks(fullAt = 0);

        public Task WaitHereAsync(TimeSpan wait, CancellationToken ct) =>
            throw new NotSupportedException($"No frame is held up here ({wait}, {ct.CanBeCanceled}).");
    }
}

namespace Chat.Server.Transport.Sockets
{
    internal interface ILoopWork
    {
    }
}

namespace Chat.Server.Transport
{
    /// <summary>The server's end of a simulated link.</summary>
    public sealed class WebSocketConnection
    {
        private readonly LinkOutput _output;

        internal WebSocketConnection(long id, LinkOutput output, TimeProvider time)
        {
            (Id, _output) = (id, output);
            OpenedAt = time.GetTimestamp();
            LastReceived = OpenedAt;
        }

        public long Id { get; }

        public IPAddress? RemoteAddress => null;

        public IConnectionOutput Output => _output;

        public long OpenedAt { get; }

        public long LastReceived { get; internal set; }

        public CancellationToken CutToken => CancellationToken.None;

        public bool IsBusy => false;

        public void Close(int code, string reason = "") => _output.CloseInOrder(code, reason);

        public void CloseUnheard(int code, string reason) => Close(code, reason);

        public void Abort() => _output.Abort();
    }
}

namespace Chat.Server.Dispatch
{
    /// <summary>Frame type → request of the simulated node.</summary>
    internal sealed class FrameDispatcher(NodeRequests requests)
    {
        public Limits.FramePace Pace { get; } = new();

        public ValueTask DispatchAsync(Session session, ReadOnlySequence<byte> body) => requests.DispatchAsync(session, body);
    }
}

namespace Chat.Server.Sessions
{
    /// <summary>Lets everybody in; nobody has an address here.</summary>
    internal sealed class HelloGate
    {
        public DisconnectCode? FindRefusal(IPAddress? address) => address is null ? null : DisconnectCode.Overloaded;

        public DisconnectCode NoteInvalid(IPAddress? address) => FindRefusal(address) ?? DisconnectCode.TokenInvalid;

        public DisconnectCode? FindRefusal(long principalId) => principalId > 0 ? null : DisconnectCode.TokenInvalid;

        public DisconnectCode? FindExcess(long principalId) => FindRefusal(principalId);
    }

    public sealed class SessionRegistry(ChatFanout fanout)
    {
        private readonly ConcurrentDictionary<long, Session> _all = new();

        internal IEnumerable<Session> All => _all.Values;

        internal void Add(Session session) => _all[session.SessionId] = session;

        internal void SignIn(Session session, string clientName) => _ = (session, clientName);

        internal void Remove(Session session)
        {
            _all.TryRemove(session.SessionId, out _);
            if (session.Subscriptions is { } subscriptions) fanout.Remove(subscriptions);
        }
    }
}
