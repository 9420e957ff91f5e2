using System.Net;
using System.Net.NetworkInformation;
using Npgsql;

namespace Chat.Server.Cli.Doctor;

/// <summary>The names and addresses of a machine, to tell whether a database is on it.</summary>
internal sealed record HostNames(IReadOnlyList<string> Names, IReadOnlyList<IPAddress> Addresses)
{
    /// <summary>Those of this machine, as it knows them: nobody else is asked.</summary>
    public static HostNames OfThisMachine()
    {
        string name = Dns.GetHostName();
        try
        {
            string domain = IPGlobalProperties.GetIPGlobalProperties().DomainName;
            IPAddress[] addresses =
            [
                .. NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address),
            ];
            return new HostNames(domain.Length > 0 ? [name, $"{name}.{domain}"] : [name], addresses);
        }
        catch (NetworkInformationException)
        {
            return new HostNames([name], []); // the system does not show them
        }
    }

    /// <summary>Whether the database, or one of several, is on this machine.</summary>
    /// <param name="connectionString">Empty when the node runs its own.</param>
    public bool Include(string? connectionString)
    {
        if (string.IsNullOrEmpty(connectionString)) return true;
        string? hosts = new NpgsqlConnectionStringBuilder(connectionString).Host;
        return string.IsNullOrEmpty(hosts) || hosts.Split(',', StringSplitOptions.TrimEntries).Any(IsHere);
    }

    private bool IsHere(string host)
    {
        if (host is ['/' or '@', ..]) return true; // a socket
        if (IPEndPoint.TryParse(host, out IPEndPoint? place)) return IsHere(place.Address);

        string name = host.Split(':')[0].TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || Names.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    private bool IsHere(IPAddress address)
    {
        IPAddress plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any) || Addresses.Contains(plain);
    }
}
