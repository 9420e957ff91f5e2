using Chat.Storage.Accounts;
using Microsoft.Extensions.Logging;

namespace Chat.Domain.Accounts;

/// <summary>
/// Lets this node do what operators did to accounts: sessions of the devices that were signed out end, their access tokens are refused,
/// and after a reset of the password nobody is held to have guessed at it. The database tells it, whatever a broker lost, and after a start
/// also what was done before. Not thread-safe: one loop asks.
/// </summary>
public sealed partial class ObeyOperator(
    OperatorStore store, DeviceRevocation revocation, SignInThrottle throttle, TokenOptions tokens, ILogger<ObeyOperator> log)
{
    /// <summary>Orders of one look; more are read with the next.</summary>
    private const int MaxOrders = 1_000;

    // As long as an access token of a device that was signed out could still live; an order's time is taken a moment before it can be seen.
    private readonly TimeSpan _within = tokens.AccessTokenLifetime + tokens.Leeway + tokens.Leeway + TimeSpan.FromMinutes(1);

    // Orders of that time, by when they were issued: each is obeyed once, or guesses would be forgotten again and again.
    private readonly Dictionary<long, DateTime> _obeyed = [];

    /// <summary>Looks once.</summary>
    public async Task ExecuteAsync(CancellationToken ct)
    {
        IReadOnlyList<AccountOrder> orders = await store.ListOrdersAsync(_within, [.. _obeyed.Keys], MaxOrders, ct);
        if (orders.Count == 0) return;

        foreach (AccountOrder order in orders)
        {
            revocation.CutHere(order.PrincipalId, order.DeviceIds);
            if (order.Kind == AccountOrderKind.PasswordReset)
            {
                throttle.Forget(SignIn.KeyOf(order.PrincipalId));
                throttle.Forget(ForgottenPassword.KeyOf(order.PrincipalId));
            }

            _obeyed.Add(order.Id, order.IssuedAt);
            Obeyed(log, order.Kind, order.PrincipalId, order.IssuedBy, order.DeviceIds.Length);
        }

        DateTime oldest = _obeyed.Values.Max() - _within;
        foreach ((long id, DateTime issuedAt) in _obeyed.ToArray())
            if (issuedAt < oldest) _obeyed.Remove(id);
    }

    [LoggerMessage(
        EventId = EventIds.AccountOrderObeyed,
        Level = LogLevel.Information,
        Message = "{Kind}: account {PrincipalId}, by {IssuedBy}; devices signed out: {Devices}")]
    private static partial void Obeyed(ILogger logger, AccountOrderKind kind, long principalId, string issuedBy, int devices);
}
