using System.Reflection;

namespace Chat.Server.Diagnostics;

/// <summary>What this build calls itself, on the wire, in <c>/version</c> and on the command line.</summary>
public static class ServerVersion
{
    public static string Number { get; } =
        typeof(ServerVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    public static string Name { get; } = "chat-server/" + Number;
}
