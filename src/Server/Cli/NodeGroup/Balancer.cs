using System.Text;
using Chat.Storage.Managed;

namespace Chat.Server.Cli.NodeGroup;

/// <summary>HAProxy with the configuration in <c>deploy/haproxy</c>, in front of the nodes of a group.</summary>
internal static class Balancer
{
    private const string Program = "haproxy";
    private const string FrontResource = "Chat.Server.haproxy.cfg";

    /// <exception cref="NodeGroupException">HAProxy is not installed.</exception>
    public static SupervisedProcess Create(NodeGroupPlan plan)
    {
        if (SearchPath.Find(Program) is not { } program)
            throw new NodeGroupException(
                "HAProxy is not installed, and several nodes need a balancer in front. Install it (Debian, Ubuntu: sudo apt-get install "
                    + "haproxy), or start one node: ./chat up.");

        string folder = Path.Combine(Path.GetFullPath(plan.Settings.Server.DataDirectory), "haproxy");
        Directory.CreateDirectory(folder);
        string front = Path.Combine(folder, "haproxy.cfg"), nodes = Path.Combine(folder, "nodes.cfg");
        File.WriteAllText(front, ReadFront());
        File.WriteAllText(nodes, ComposeNodes(plan));

        string host = plan.Settings.Server.Host switch { "localhost" => "127.0.0.1", var other => other };
        Dictionary<string, string> environment = new() { ["CHAT_BALANCER_BIND"] = $"{host}:{plan.BalancerPort}" };
        return new SupervisedProcess(
            "balancer", print => ChildProcess.Start([program, "-db", "-f", front, "-f", nodes], environment, print),
            TimeSpan.FromSeconds(2));
    }

    /// <summary>The part that is the same for everybody, as it stands in <c>deploy/haproxy/haproxy.cfg</c>.</summary>
    private static string ReadFront()
    {
        using Stream resource = typeof(Balancer).Assembly.GetManifestResourceStream(FrontResource)!;
        using StreamReader reader = new(resource, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    /// <summary>As <c>deploy/haproxy/nodes.cfg</c>, with the nodes of this group.</summary>
    private static string ComposeNodes(NodeGroupPlan plan)
    {
        StringBuilder text = new();
        text.AppendLine("backend nodes");
        text.AppendLine("    balance leastconn");
        text.AppendLine($"    source {NodeGroupPlan.BalancerSource}");
        text.AppendLine("    option httpchk");
        text.AppendLine("    http-check send meth GET uri /health/ready");
        text.AppendLine("    default-server check inter 1s fall 2 rise 1 send-proxy-v2 check-send-proxy");
        for (int index = 0; index < plan.NodePorts.Count; index++)
            text.AppendLine($"    server {NodeGroupPlan.NodeName(index)} 127.0.0.1:{plan.NodePorts[index]}");
        text.AppendLine("    option allbackups");
        text.AppendLine("    default-server no-check backup");
        for (int index = 0; index < plan.NodePorts.Count; index++)
            text.AppendLine($"    server {NodeGroupPlan.NodeName(index)}-unready 127.0.0.1:{plan.NodePorts[index]}");
        return text.ToString();
    }
}
