using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Chat.Server.Hosting;

/// <summary>Where the server listens and keeps its files. Section <c>Server</c>.</summary>
public sealed record ServerOptions
{
    /// <summary>Address to listen on: an IP address, <c>localhost</c> or <c>*</c> for all. Default 127.0.0.1.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The one port for everything. Zero takes a free one. Default 8080. Also from <c>PORT</c>.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>Folder for the managed database, keys and the instance file. Default <c>.data</c> in the working folder.</summary>
    public string DataDirectory { get; init; } = ".data";

    /// <summary>Certificate in PEM; with <see cref="CertificateKeyPath"/> everything is served over TLS. Default none.</summary>
    public string? CertificatePath { get; init; }

    /// <summary>Private key in PEM of <see cref="CertificatePath"/>.</summary>
    public string? CertificateKeyPath { get; init; }

    /// <summary>Further origins whose pages may open <c>/ws</c>, such as <c>https://www.example.com</c>. The server's own is always allowed. Default none.</summary>
    public string[] AllowedOrigins { get; init; } = [];

    /// <summary>
    /// Addresses or networks (<c>10.0.0.0/8</c>) of balancers that say who the client is, by the PROXY protocol, version 1 or 2. A connection from
    /// one of them must begin with its header; from anybody else the header is not understood. Default none.
    /// </summary>
    public string[] TrustedProxies { get; init; } = [];

    /// <summary>Threads that receive and send for plain connections. Zero: one for every two cores, at least one. Default 0.</summary>
    public int SocketLoops { get; init; }

    /// <summary>
    /// Address and port where <c>/metrics</c> is served for Prometheus, and nothing else, such as <c>127.0.0.1:9464</c>; never on the public
    /// port. Default none.
    /// </summary>
    public string MetricsAddress { get; init; } = "";

    /// <summary>
    /// Bytes of memory that this process may have; at 80 % of them new work is refused as busy. Zero: the limit of its control group or of the
    /// collector (<c>DOTNET_GCHeapHardLimit</c>), where there is one. Default 0.
    /// </summary>
    public long MaxMemoryBytes { get; init; }

    /// <summary>Folder with the built chat page. Default: <c>web</c> beside the program, else the one built in the source tree.</summary>
    public string? WebRoot { get; init; }

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (Port is < 0 or > 65_535) yield return $"Server:Port is {Port}: set 0 (any free one) to 65535.";
        if (Host is not ("*" or "localhost") && !System.Net.IPAddress.TryParse(Host, out _))
            yield return $"Server:Host is '{Host}': set an IP address, localhost, or * for all addresses.";
        if (SocketLoops is < 0 or > 64) yield return $"Server:SocketLoops is {SocketLoops}: set 0 (automatic) to 64.";
        if (MaxMemoryBytes < 0) yield return $"Server:MaxMemoryBytes is {MaxMemoryBytes}: set bytes, or 0 for the limit of the control group.";
        bool hasPort = MetricsAddress.Contains(':', StringComparison.Ordinal); // without one it would parse, as port 0
        if (MetricsAddress.Length > 0 && !(hasPort && System.Net.IPEndPoint.TryParse(MetricsAddress, out _)))
            yield return $"Server:MetricsAddress is '{MetricsAddress}': set an IP address and a port, such as 127.0.0.1:9464, or leave it out.";
        if (string.IsNullOrWhiteSpace(DataDirectory)) yield return "Server:DataDirectory is empty: set a folder that the server may write to.";
        if (CertificatePath is null != CertificateKeyPath is null)
            yield return "Server:CertificatePath and Server:CertificateKeyPath go together: set both, or none.";
        foreach (string? path in new[] { CertificatePath, CertificateKeyPath })
            if (path is not null && !File.Exists(path)) yield return $"Server:CertificatePath or CertificateKeyPath is '{path}': there is no such file.";
        if (File.Exists(CertificatePath) && File.Exists(CertificateKeyPath) && CertificateFault() is { } fault)
            yield return $"Server:CertificatePath '{CertificatePath}' with its key cannot be read ({fault}): set a certificate and its private key, both in PEM.";
        foreach (string proxy in TrustedProxies)
        {
            if (!Transport.Proxies.TrustedProxies.TryParse(proxy, out _))
                yield return $"Server:TrustedProxies contains '{proxy}': set an IP address, or a network such as 10.0.0.0/8.";
        }

        foreach (string origin in AllowedOrigins)
        {
            bool valid = Uri.TryCreate(origin, UriKind.Absolute, out Uri? uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == origin;
            if (!valid) yield return $"Server:AllowedOrigins contains '{origin}': set scheme://host[:port] without a path.";
        }
    }

    private string? CertificateFault()
    {
        try
        {
            using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(CertificatePath!, CertificateKeyPath);
            return null;
        }
        catch (Exception wrong) when (wrong is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return wrong.Message;
        }
    }
}
