using System.Globalization;

namespace Chat.Chaos.Cluster;

/// <summary>
/// Bounds the memory of one node: by a control group, whose kernel kills what wants more, or, where none can be made, by the collector's
/// hard limit, at which the process ends itself. Dispose it after the node.
/// </summary>
internal sealed class MemoryBound : IDisposable
{
    private const string LimitFile = "memory.limit_in_bytes";

    private readonly ControlGroup? _group;
    private readonly int _heapMegabytes;

    /// <param name="megabytes">What the process may have in a control group.</param>
    /// <param name="heapMegabytes">What its heap may have without.</param>
    public MemoryBound(int megabytes, int heapMegabytes)
    {
        _heapMegabytes = heapMegabytes;
        _group = ControlGroup.TryCreate("memory", LimitFile);
        _group?.Set(LimitFile, (long)megabytes << 20);
    }

    /// <summary>Whether the kernel holds it.</summary>
    public bool IsGroup => _group is not null;

    public NodePlan Apply(NodePlan plan)
    {
        if (_group is not null)
            return plan with { Prefix = ["sh", "-c", $"echo $$ > '{_group.Folder}/cgroup.procs' && exec \"$@\"", "sh", .. plan.Prefix] };
        string limit = (_heapMegabytes << 20).ToString("x", CultureInfo.InvariantCulture);
        return plan with { Environment = new Dictionary<string, string?>(plan.Environment) { ["DOTNET_GCHeapHardLimit"] = limit } };
    }

    public void Dispose() => _group?.Dispose();
}
