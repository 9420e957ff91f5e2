using System.Collections.Concurrent;
using System.Net;
using Chat.Domain.Accounts;

namespace Chat.Domain.Limits;

/// <summary>
/// Says how much one remote address may ask of this node while nobody there has signed in: connections, and work that needs no token. An
/// address is one of IPv4, or the /64 that one IPv6 site has to itself; behind a trusted balancer it is the client's. Loopback is exempt
/// unless <see cref="LimitSettings.LimitLoopback"/> is set: what comes from there is a proxy that does not say who its clients are, or us.
/// </summary>
/// <remarks>Thread-safe. Remembers a bounded number of addresses, and those with open connections besides.</remarks>
public sealed class AddressLimits(LiveSettings settings, TimeProvider time)
{
    private const int MaxAddresses = 200_000;

    /// <summary>What somebody is told to wait who has too many connections open; when one of them ends is not known.</summary>
    private static readonly TimeSpan FullPause = TimeSpan.FromSeconds(5);

    private readonly KeyedBuckets _connections = new(MaxAddresses);
    private readonly KeyedBuckets _guests = new(MaxAddresses);
    private readonly ConcurrentDictionary<long, int> _open = new();

    /// <summary>Addresses that have connections open.</summary>
    internal int OpenAddresses => _open.Count;

    /// <summary>Counts a new connection, which must leave again, unless it is one too many.</summary>
    /// <param name="address">Null if the transport knows none: such a connection is only counted.</param>
    /// <param name="retryAfter">When false is returned: how long to wait.</param>
    public bool TryEnter(IPAddress? address, out TimeSpan retryAfter)
    {
        LimitSettings limits = settings.Limits;
        long key = KeyOf(address);
        retryAfter = TimeSpan.Zero;
        if (!IsExempt(address, limits))
        {
            if (limits.AddressConnections > 0 && _open.GetValueOrDefault(key) >= limits.AddressConnections)
            {
                LimitMetrics.Limited("address_open");
                retryAfter = FullPause;
                return false;
            }

            retryAfter = _connections.Take(
                key, Bucket(limits.AddressConnectionsPerSecond, limits.AddressConnectionsBurst), time.GetTimestamp());
            if (retryAfter > TimeSpan.Zero)
            {
                LimitMetrics.Limited("address_connections");
                return false;
            }
        }

        _open.AddOrUpdate(key, 1, static (_, count) => count + 1);
        return true;
    }

    /// <summary>A connection that entered has ended.</summary>
    public void Leave(IPAddress? address)
    {
        long key = KeyOf(address);
        while (_open.TryGetValue(key, out int count))
            if (count > 1 ? _open.TryUpdate(key, count - 1, count) : _open.TryRemove(new(key, count))) return;
    }

    /// <summary>Takes one piece of work that needs no token, such as a sign-in; null when it may be done.</summary>
    public Failure? JudgeGuest(IPAddress? address) => Judge(address, takes: true);

    /// <summary>As <see cref="JudgeGuest"/> would, taking nothing: for who may turn out to have a token.</summary>
    public Failure? FindGuestRefusal(IPAddress? address) => Judge(address, takes: false);

    private Failure? Judge(IPAddress? address, bool takes)
    {
        LimitSettings limits = settings.Limits;
        if (limits.AddressSignInsPerSecond <= 0 || IsExempt(address, limits)) return null;

        TokenBucket bucket = Bucket(limits.AddressSignInsPerSecond, limits.AddressSignInsBurst);
        long now = time.GetTimestamp();
        TimeSpan wait = takes ? _guests.Take(KeyOf(address), bucket, now) : _guests.Peek(KeyOf(address), bucket, now);
        if (wait == TimeSpan.Zero) return null;
        LimitMetrics.Limited("address_sign_in");
        return Failures.RateLimited(wait);
    }

    private static bool IsExempt(IPAddress? address, LimitSettings limits)
    {
        if (address is null) return true;
        if (limits.LimitLoopback != 0) return false;
        return IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address); // a dual socket shows 127.0.0.2 so
    }

    private static long KeyOf(IPAddress? address) => address is null ? 0 : RemoteAddress.KeyOf(address);

    private TokenBucket Bucket(double perSecond, double burst) => new(perSecond, burst, time.TimestampFrequency);
}
