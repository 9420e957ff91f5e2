using System.Text.Json;
using System.Text.Json.Nodes;
using Chat.AdminApi.OpenApi;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Chat.AdminApi.Tests.OpenApi;

[Parallelizable]
internal sealed class OpenApiTests
{
    [Test, CancelAfter(30_000)]
    public async Task The_paths_are_those_of_the_file()
    {
        JsonNode document = await ApiDescription.ReadAsync();
        string file = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "OpenApi", "openapi-paths.txt"));

        string[] present = [.. ApiDescription.Operations(document)
            .Select(found => $"{found.Method} {found.Path} {found.Operation["operationId"]}").Order(StringComparer.Ordinal)];

        Assert.That(present, Is.EqualTo(file.Split('\n', StringSplitOptions.RemoveEmptyEntries)),
            "A route was added, changed or removed. If callers can live with it, write this to OpenApi/openapi-paths.txt:\n"
            + string.Join('\n', present));
    }

    [Test, CancelAfter(30_000)]
    public async Task Every_route_below_api_is_described()
    {
        JsonNode document = await ApiDescription.ReadAsync();

        IEnumerable<string> described = ApiDescription.Operations(document).Select(found => $"{found.Method} {found.Path}");

        Assert.That(RouteTable.Of(ApiServer.Host).Select(route => route.Name), Is.SubsetOf(described));
    }

    [Test, CancelAfter(30_000)]
    public async Task Every_operation_has_an_id_of_its_own_a_summary_a_success_and_its_failures()
    {
        JsonNode document = await ApiDescription.ReadAsync();
        List<string> ids = [];

        foreach ((string method, string path, JsonNode operation) in ApiDescription.Operations(document))
        {
            string name = $"{method} {path}";
            ids.Add((string?)operation["operationId"] ?? "");
            string[] responses = [.. operation["responses"]!.AsObject().Select(response => response.Key)];
            Assert.Multiple(() =>
            {
                Assert.That((string?)operation["summary"], Is.Not.Null.And.Not.Empty, name);
                Assert.That(operation["tags"]?.AsArray(), Has.Count.EqualTo(1), name);
                Assert.That(responses, Has.Exactly(1).StartsWith("2"), name);
                if (!path.StartsWith("/api/", StringComparison.Ordinal)) return;

                Assert.That(responses, Is.SupersetOf(new[] { "400", "500", "503" }), name);
                bool open = path is "/api/auth/register" or "/api/auth/login" or "/api/auth/refresh" or "/api/auth/password/forgot" or "/api/auth/password/reset"
                    or "/api/auth/passkey-sign-in" or "/api/auth/passkey-sign-in/options";
                Assert.That(operation["security"] is null, Is.EqualTo(open), name);
                if (!open) Assert.That(responses, Has.Member("401"), name);
                if (operation["requestBody"] is not null) Assert.That(responses, Is.SupersetOf(new[] { "413", "415" }), name);
                foreach ((string status, JsonNode? response) in operation["responses"]!.AsObject())
                {
                    if (status[0] == '2') continue;
                    Assert.That(response!["content"]!.AsObject().Single().Key, Is.EqualTo("application/problem+json"), name);
                }
            });
        }

        Assert.That(ids, Is.Unique.And.None.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task Every_parameter_and_every_property_is_explained()
    {
        JsonNode document = await ApiDescription.ReadAsync();
        List<string> silent = [];

        foreach ((string method, string path, JsonNode operation) in ApiDescription.Operations(document))
        {
            foreach (JsonNode? parameter in operation["parameters"]?.AsArray() ?? [])
            {
                if (string.IsNullOrEmpty((string?)parameter!["description"])) silent.Add($"{method} {path} {parameter["name"]}");
            }
        }

        foreach ((string schema, JsonNode? shape) in document["components"]!["schemas"]!.AsObject())
        {
            foreach ((string property, JsonNode? value) in shape!["properties"]?.AsObject() ?? [])
            {
                if (!IsExplained(value!)) silent.Add($"{schema}.{property}");
            }
        }

        Assert.That(silent, Is.Empty);
    }

    [Test, CancelAfter(30_000)]
    public async Task Ids_are_integers_with_their_range_and_bearer_is_the_scheme()
    {
        JsonNode document = await ApiDescription.ReadAsync();

        JsonNode chatId = document["paths"]!["/api/chats/{chatId}"]!["get"]!["parameters"]![0]!["schema"]!;
        Assert.That((string?)chatId["type"], Is.EqualTo("integer"));
        Assert.That((long)chatId["maximum"]!, Is.EqualTo((1L << 53) - 1));
        Assert.That((string?)document["components"]!["securitySchemes"]!["bearer"]!["scheme"], Is.EqualTo("bearer"));
        Assert.That((string?)document["openapi"], Does.StartWith("3.1"));
        Assert.That((string?)document["servers"]![0]!["url"], Is.EqualTo("/"));
    }

    private static bool IsExplained(JsonNode schema) =>
        !string.IsNullOrEmpty((string?)schema["description"]) || (schema["oneOf"]?.AsArray().Any(choice => IsExplained(choice!)) ?? false);

    [Test]
    public void Every_example_is_a_body_that_its_route_would_take()
    {
        JsonSerializerOptions json = ApiServer.Host.Services.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;

        foreach (Type type in Examples.Types)
            Assert.That(Examples.Of(type).Deserialize(type, json), Is.Not.Null, type.Name);
    }

    [Test, CancelAfter(30_000)]
    public async Task The_description_is_kept_by_the_caller_and_asked_for_by_its_tag()
    {
        ApiAnswer first = (await ApiServer.Client.GetAsync("/openapi/v1.json")).MustBe(200);

        ApiAnswer again = await ApiServer.Client.SendAsync("GET", "/openapi/v1.json", null, (HttpContent?)null,
            new Dictionary<string, string> { ["If-None-Match"] = first.Headers["ETag"] });

        Assert.That((again.Status, again.Text), Is.EqualTo((304, "")));
    }
}

/// <summary>The description as a caller reads it.</summary>
internal static class ApiDescription
{
    public static async Task<JsonNode> ReadAsync() => (await ApiServer.Client.GetAsync("/openapi/v1.json")).MustBe(200).Json;

    public static IEnumerable<(string Method, string Path, JsonNode Operation)> Operations(JsonNode document) =>
        from path in document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!);
}
