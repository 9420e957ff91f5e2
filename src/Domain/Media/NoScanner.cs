namespace Chat.Domain.Media;

/// <summary>Looks at nothing: no scanner is configured.</summary>
public sealed class NoScanner : IBlobScanner
{
    public Task<string?> FindVirusAsync(Stream content, CancellationToken ct) => Task.FromResult<string?>(null);
}
