using System.Net.Mail;

namespace Chat.Server.Notifications;

/// <summary>How the service sends e-mail. Section <c>Mail</c>.</summary>
public sealed record MailOptions
{
    /// <summary>The server that takes the mail, <c>host:port</c>, such as <c>smtp.example.org:587</c>. Default none: no mail is sent.</summary>
    public string Server { get; init; } = "";

    /// <summary>
    /// How the connection is protected: <c>StartTls</c> (port 587; without it nothing is sent), <c>Tls</c> from the first byte (port 465), or
    /// <c>None</c>, for a server on the same machine. Default StartTls.
    /// </summary>
    public MailSecurity Security { get; init; } = MailSecurity.StartTls;

    /// <summary>Who signs in there. Default none: no sign-in.</summary>
    public string UserName { get; init; } = "";

    /// <summary>The password for it. Needs a protected connection.</summary>
    public string Password { get; init; } = "";

    /// <summary>Who the mail is from, such as <c>Chat &lt;no-reply@example.org&gt;</c>.</summary>
    public string From { get; init; } = "";

    /// <summary>How long one mail may take. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (Timeout < TimeSpan.FromSeconds(1) || Timeout > TimeSpan.FromMinutes(1)) yield return $"Mail:Timeout is {Timeout}: set 00:00:01 to 00:01:00.";
        if (!Enum.IsDefined(Security)) yield return $"Mail:Security is {Security}: set StartTls, Tls or None.";
        if (Server.Length == 0)
        {
            if (UserName.Length > 0 || From.Length > 0) yield return "Mail:Server is not set, but other settings of Mail are: set it, or none of them.";
            yield break;
        }

        if (!TrySplit(Server, out _, out _)) yield return $"Mail:Server is '{Server}': set host:port, such as smtp.example.org:587.";
        if (!MailAddress.TryCreate(From, out MailAddress? from) || !IsPlain(from.Address))
            yield return $"Mail:From is '{From}': set an address such as 'Chat <no-reply@example.org>'.";
        if (UserName.Length > 0 != Password.Length > 0) yield return "Mail:UserName and Mail:Password go together: set both, or neither.";
        if (Password.Length > 0 && Security == MailSecurity.None)
            yield return "Mail:Security is None, and the password would cross the network as it is: set StartTls or Tls.";
    }

    internal static bool TrySplit(string server, out string host, out int port)
    {
        int colon = server.LastIndexOf(':');
        host = colon > 0 ? server[..colon].Trim('[', ']') : "";
        port = ushort.TryParse(server.AsSpan(colon + 1), out ushort number) ? number : 0;
        return host.Length > 0 && port > 0 && Uri.CheckHostName(host) != UriHostNameType.Unknown;
    }

    private static bool IsPlain(string address) => address.All(c => c is > ' ' and < '\x7f' and not ('<' or '>'));
}

/// <summary>How a connection to a mail server is protected.</summary>
public enum MailSecurity
{
    None = 0,
    StartTls = 1,
    Tls = 2,
}
