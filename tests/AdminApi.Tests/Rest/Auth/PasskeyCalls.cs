using System.Text.Json.Nodes;
using Chat.TestKit;

namespace Chat.AdminApi.Tests.Rest.Auth;

/// <summary>A person's passkey and the calls that one makes with it.</summary>
internal static class PasskeyCalls
{
    /// <summary>Begins and finishes; the answer of the finish.</summary>
    public static async Task<ApiAnswer> AddAsync(Person person, SoftwareAuthenticator authenticator, string name = "Phone")
    {
        JsonNode begun = await BeginAsync(person);
        return await FinishAsync(person, begun, authenticator.Create(begun["options"]!), name);
    }

    public static async Task<JsonNode> BeginAsync(Person person) =>
        (await person.PostAsync("/api/auth/passkeys/options", new { password = Person.Password })).MustBe(200).Json;

    public static Task<ApiAnswer> FinishAsync(Person person, JsonNode begun, JsonNode credential, string name = "Phone") =>
        person.PostAsync("/api/auth/passkeys", new JsonObject
        {
            ["ceremony"] = (string)begun["ceremony"]!,
            ["credential"] = credential.DeepClone(),
            ["name"] = name,
        });

    /// <summary>Begins and finishes; the answer of the finish.</summary>
    public static async Task<ApiAnswer> SignInAsync(SoftwareAuthenticator authenticator)
    {
        JsonNode begun = await BeginSignInAsync();
        return await FinishSignInAsync(begun, authenticator.Get(begun["options"]!));
    }

    public static async Task<JsonNode> BeginSignInAsync() =>
        (await ApiServer.Client.PostAsync("/api/auth/passkey-sign-in/options", null)).MustBe(200).Json;

    public static Task<ApiAnswer> FinishSignInAsync(JsonNode begun, JsonNode credential, ApiClient? client = null) =>
        (client ?? ApiServer.Client).PostAsync("/api/auth/passkey-sign-in", null, new JsonObject
        {
            ["ceremony"] = (string)begun["ceremony"]!,
            ["credential"] = credential.DeepClone(),
            ["deviceName"] = "by passkey",
        });
}
