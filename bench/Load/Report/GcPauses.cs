using System.Net;
using System.Text.Json;

namespace Chat.Load.Report;

/// <summary>Asks a chat server for how long its garbage collector has stopped it since its start.</summary>
internal static class GcPauses
{
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    /// <returns>Milliseconds; null when the server does not say.</returns>
    public static double? ReadMilliseconds(IPEndPoint server)
    {
        try
        {
            using HttpRequestMessage request = new(HttpMethod.Get, $"http://{server}/version");
            using HttpResponseMessage response = Http.Send(request);
            using JsonDocument answer = JsonDocument.Parse(response.Content.ReadAsStream());
            return answer.RootElement.TryGetProperty("gcPauseMs", out JsonElement pause) ? pause.GetDouble() : null;
        }
        catch (Exception silent) when (silent is HttpRequestException or TaskCanceledException or JsonException)
        {
            return null; // an older server, or one that has just ended: the run's own checks tell
        }
    }
}
