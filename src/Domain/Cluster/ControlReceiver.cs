using Chat.Domain.Accounts;

namespace Chat.Domain.Cluster;

/// <summary>
/// Hears what other nodes order. Obeys a revocation at once; for everything else it wakes whoever reads the truth from the database. What
/// cannot be read is counted and left alone: the database is asked every 30 s anyway.
/// </summary>
public sealed class ControlReceiver(DeviceRevocation revocation) : IBrokerReceiver
{
    /// <summary>A stored setting changed on another node. Called on the broker's thread: must not block and must not throw.</summary>
    public event Action? SettingsChanged;

    /// <summary>People hide more, or less, than before. Likewise.</summary>
    public event Action<IReadOnlyList<long>>? PrivacyChanged;

    /// <summary>A status of this author was posted or deleted. Likewise.</summary>
    public event Action<long, long>? StatusChanged;

    /// <summary>Another node asks which devices are connected here, or says which are there. Likewise.</summary>
    public event Action<DeviceQuestion>? DevicesAsked;

    /// <summary>The broker is healthy again; orders may have been lost before. Likewise.</summary>
    public event Action? Recovered;

    public void OnPublication(BrokerChannel channel, ReadOnlyMemory<byte> payload)
    {
        ControlOrder? order = ControlOrder.TryRead(payload.Span);
        switch (order?.Kind)
        {
            case ControlKind.DevicesRevoked:
                revocation.CutHere(order.PrincipalId, order.DeviceIds);
                break;
            case ControlKind.SettingsChanged:
                SettingsChanged?.Invoke();
                break;
            case ControlKind.PrivacyChanged:
                PrivacyChanged?.Invoke(order.PrincipalIds!);
                break;
            case ControlKind.StatusChanged:
                StatusChanged?.Invoke(order.PrincipalId, order.StatusId);
                break;
            default:
                if (DeviceQuestion.TryRead(payload.Span) is not { } question)
                {
                    ControlMetrics.Ignored.Add(1);
                    return;
                }

                DevicesAsked?.Invoke(question);
                break;
        }

        ControlMetrics.Heard.Add(1);
    }

    public void OnHealthChanged(BrokerHealth health)
    {
        if (health == BrokerHealth.Healthy) Recovered?.Invoke();
    }
}
