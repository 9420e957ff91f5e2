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

    /// <summary>
    /// Makes a reason of what the client library throws when it cannot connect; it tells the kind of failure only in its text.
    /// </summary>
    public static string Explain(Exception fault, RedisAddress address)
    {
        string text = fault.Message;
        if (text.Contains("AuthenticationFailure", StringComparison.Ordinal))
        {
            return address.Tls
                ? "TLS or the password was refused; check that the certificate is trusted and names this host, and Cluster:RedisPassword"
                : address.Password.Length > 0 ? "it refuses the password; check Cluster:RedisPassword"
                : "it asks for a password; set Cluster:RedisPassword";
        }

        if (text.Contains("SocketFailure", StringComparison.Ordinal))
            return "there is no connection; check that it runs there and lets this host in";
        if (text.Contains("ProtocolFailure", StringComparison.Ordinal) || text.Contains("InternalFailure", StringComparison.Ordinal))
            return "what answers there is no Redis server that can be used (a Sentinel, or another program)";
        return address.Tls ? "it does not answer in time; check that it speaks TLS on that port" : "it does not answer in time";
    }
}
