namespace Chat.Server.Cli.NodeGroup;

/// <summary>Several nodes cannot be run here; the message says why and what to do.</summary>
internal sealed class NodeGroupException(string message) : Exception(message);
