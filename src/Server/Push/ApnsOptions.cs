using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Chat.Server.Push;

/// <summary>How apps on Apple's systems are reached. Section <c>Apns</c>.</summary>
public sealed record ApnsOptions
{
    /// <summary>The file of the key, <c>AuthKey_….p8</c>. Default none: the transport is off.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>The key's id, ten characters.</summary>
    public string KeyId { get; init; } = "";

    /// <summary>The developer team's id, ten characters.</summary>
    public string TeamId { get; init; } = "";

    /// <summary>The app's bundle id.</summary>
    public string Topic { get; init; } = "";

    /// <summary>Where notifications go. Default <c>https://api.push.apple.com</c>; apps in development are at <c>https://api.sandbox.push.apple.com</c>.</summary>
    public string Server { get; init; } = "https://api.push.apple.com";

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Uri.TryCreate(Server, UriKind.Absolute, out Uri? server) || server.Scheme != Uri.UriSchemeHttps)
            yield return $"Apns:Server is '{Server}': set an https address, or leave it out.";
        bool[] set = [KeyFile.Length > 0, KeyId.Length > 0, TeamId.Length > 0, Topic.Length > 0];
        if (set.Contains(true) && set.Contains(false)) yield return "Apns:KeyFile, KeyId, TeamId and Topic go together: set all of them, or none.";
        if (KeyFile.Length > 0 && !TryReadKey(out _, out string? wrong)) yield return $"Apns:KeyFile is '{KeyFile}', which cannot be read ({wrong}): name the .p8 file of the key.";
    }

    /// <param name="wrong">What is wrong with the file.</param>
    internal bool TryReadKey([NotNullWhen(true)] out ECDsa? key, [NotNullWhen(false)] out string? wrong)
    {
        (key, wrong) = (null, null);
        ECDsa read = ECDsa.Create();
        try
        {
            read.ImportFromPem(File.ReadAllText(KeyFile));
            key = read;
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or CryptographicException)
        {
            read.Dispose();
            wrong = fault.Message;
            return false;
        }
    }
}
