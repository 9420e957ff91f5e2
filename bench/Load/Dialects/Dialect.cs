using Chat.Load.Engine;
using Chat.Load.Traffic;

namespace Chat.Load.Dialects;

/// <summary>
/// How one system is spoken to: what its connections say first, how a message is sent, and what in its answers is a delivery or an ack.
/// Engine thread only.
/// </summary>
internal abstract class Dialect(MessageTable messages, Meter meter) : IConnectionSink
{
    /// <summary>The system's name in results.</summary>
    public abstract string System { get; }

    /// <summary>Deliveries that one message brings about.</summary>
    public abstract int DeliveriesPerMessage { get; }

    /// <summary>Each message has an ack besides its deliveries.</summary>
    public abstract bool HasAcks { get; }

    /// <summary>Deliveries may be dropped, so one that does not come is written off.</summary>
    public virtual bool MayDrop => false;

    /// <summary>Connections that are signed in.</summary>
    public int Ready { get; private set; }

    /// <summary>Connections that the server ended.</summary>
    public int Disconnected { get; private set; }

    /// <summary>Why the first of them ended.</summary>
    public string? FirstClose { get; private set; }

    /// <summary>Set before the first connection is opened.</summary>
    public SocketLoop Loop { get; set; } = null!;

    protected MessageTable Messages { get; } = messages;

    protected Meter Meter { get; } = meter;

    public abstract string PathOf(LoadConnection connection);

    public abstract void OnOpen(LoadConnection connection);

    public abstract void OnMessage(LoadConnection connection, ReadOnlySpan<byte> payload, long now);

    /// <summary>Sends a message of the table.</summary>
    public abstract void Publish(LoadConnection sender, long number);

    /// <summary>Does what is due by now, such as sending again.</summary>
    public virtual void OnTick(long now)
    {
    }

    public virtual void OnClosed(LoadConnection connection, string why)
    {
        Disconnected++;
        FirstClose ??= $"connection {connection.Index}: {why}";
    }

    /// <summary>Judges the whole run at its end.</summary>
    /// <param name="missing">Deliveries that never came.</param>
    public abstract Faults Judge(long missing);

    /// <summary>Forgets connections and their ends: those that are opened now are counted anew.</summary>
    public virtual void Forget() => (Ready, Disconnected, FirstClose) = (0, 0, null);

    protected void MarkReady(LoadConnection connection)
    {
        if (connection.IsReady) return;

        connection.IsReady = true;
        Ready++;
    }
}
