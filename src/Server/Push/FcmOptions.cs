using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Chat.Server.Push;

/// <summary>How apps on Android are reached, by Firebase Cloud Messaging. Section <c>Fcm</c>.</summary>
public sealed record FcmOptions
{
    /// <summary>The file of the service account's key, JSON as the Firebase console gives it. Default none: the transport is off.</summary>
    public string ServiceAccountFile { get; init; } = "";

    /// <summary>Where messages go. Default <c>https://fcm.googleapis.com</c>.</summary>
    public string Server { get; init; } = "https://fcm.googleapis.com";

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Uri.TryCreate(Server, UriKind.Absolute, out Uri? server) || server.Scheme != Uri.UriSchemeHttps)
            yield return $"Fcm:Server is '{Server}': set an https address, or leave it out.";
        if (ServiceAccountFile.Length > 0 && !FcmAccount.TryRead(ServiceAccountFile, out _, out string? wrong))
            yield return $"Fcm:ServiceAccountFile is '{ServiceAccountFile}', which {wrong}: name the JSON file of a service account's key.";
    }
}

/// <summary>The account that this service signs in with at Google.</summary>
internal sealed record FcmAccount(string Project, string Email, Uri TokenAddress, RSA Key)
{
    /// <param name="wrong">What is wrong with the file.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out FcmAccount? account, [NotNullWhen(false)] out string? wrong)
    {
        (account, wrong) = (null, null);
        try
        {
            JsonNode? file = JsonNode.Parse(File.ReadAllText(path));
            string? Text(string name) => (string?)file?[name];
            if (Text("project_id") is not { } project || Text("client_email") is not { } email || Text("private_key") is not { } pem
                || !Uri.TryCreate(Text("token_uri"), UriKind.Absolute, out Uri? address) || address.Scheme != Uri.UriSchemeHttps)
            {
                wrong = "has no good project_id, client_email, private_key or token_uri";
                return false;
            }

            RSA key = RSA.Create();
            key.ImportFromPem(pem);
            account = new FcmAccount(project, email, address, key);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException or ArgumentException or CryptographicException)
        {
            wrong = $"cannot be read ({fault.Message})";
            return false;
        }
    }
}
