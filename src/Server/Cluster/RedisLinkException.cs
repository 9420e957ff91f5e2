using System.Security.Authentication;
using StackExchange.Redis;

namespace Chat.Server.Cluster;

/// <summary>
/// Redis cannot be used. The message is a reason in a few words, fit to stand behind "Redis cannot be used: ", without anything secret.
/// </summary>
internal sealed class RedisLinkException : Exception
{
    public RedisLinkException(string message)
        : base(message)
    {
    }

    public RedisLinkException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>Makes a reason of what the client library throws or logs when it cannot connect.</summary>
    public static string Explain(Exception fault, RedisAddress address)
    {
        ConnectionFailureType? kind = (fault as RedisConnectionException)?.FailureType;
        return (kind, fault) switch
        {
            (ConnectionFailureType.AuthenticationFailure, _) or (null, AuthenticationException) => Refused(address),
            (ConnectionFailureType.UnableToConnect or ConnectionFailureType.SocketFailure, { InnerException: not null }) =>
                "there is no connection; check that it runs there and lets this host in",
            (ConnectionFailureType.SocketClosed, _) when !address.Tls => "it closed the connection; check that it is Redis and lets this host in",
            (ConnectionFailureType.ProtocolFailure or ConnectionFailureType.InternalFailure, _) =>
                "what answers there is no Redis server that can be used (a Sentinel, or another program)",
            _ => address.Tls ? "it does not answer in time; check that it speaks TLS on that port" : "it does not answer in time",
        };
    }

    private static string Refused(RedisAddress address)
    {
        if (address.Tls)
            return "TLS or the password was refused; check that the certificate is trusted and names this host, and Cluster:RedisPassword";
        return address.Password.Length > 0
            ? "it refuses the password; check Cluster:RedisPassword"
            : "it asks for a password; set Cluster:RedisPassword";
    }
}
