namespace Chat.Server.Sessions;

/// <summary>
/// Has the old generation collected in the background when it has grown by an eighth. What a chat server keeps for seconds (pushes, requests
/// under way) survives two collections of the young ones and dies after; the collector's own budget for the old one follows the machine's
/// memory and let that garbage reach half of a node's memory (ADR 0014).
/// </summary>
/// <remarks>One caller, every few seconds.</remarks>
internal sealed class OldGeneration
{
    /// <summary>Less is not worth a collection. Bytes.</summary>
    private const long LeastGrowth = 6 << 20;

    private long _after;
    private int _seen = -1;

    /// <summary>Whether the heap has grown so far since the old generation was collected last.</summary>
    /// <param name="collections">Collections of the old generation so far.</param>
    /// <param name="heapBytes">The heap's size behind the last collection of any generation.</param>
    public bool IsDue(int collections, long heapBytes)
    {
        if (collections != _seen) (_seen, _after) = (collections, heapBytes);
        return heapBytes - _after > Math.Max(LeastGrowth, _after / 8);
    }

    public void Check()
    {
        if (!IsDue(GC.CollectionCount(2), GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes)) return;
        GC.Collect(2, GCCollectionMode.Default, blocking: false);
    }
}
