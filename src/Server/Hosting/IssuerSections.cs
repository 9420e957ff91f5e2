using Chat.Domain.Accounts.Issuers;

namespace Chat.Server.Hosting;

/// <summary>Reads the section <c>Issuers</c>, in which every section is an issuer by its name.</summary>
internal static class IssuerSections
{
    public const string Name = "Issuers";

    public static IssuersOptions Read(IConfiguration configuration, List<string> faults)
    {
        Dictionary<string, IssuerOptions> issuers = [];
        foreach (IConfigurationSection issuer in configuration.GetSection(Name).GetChildren())
        {
            if (issuer.Value is null) issuers[issuer.Key] = SettingsSection.Read<IssuerOptions>(configuration, $"{Name}:{issuer.Key}", faults);
            else faults.Add($"{Name}:{issuer.Key} is no issuer: set {Name}:NAME:Algorithm and its key, with the name that tokens have as iss.");
        }

        return new IssuersOptions { ByName = issuers };
    }
}
