namespace Chat.Domain.Media;

/// <summary>Looks for viruses in a file before anybody can read it. Thread-safe.</summary>
public interface IBlobScanner
{
    /// <summary>Judges a file.</summary>
    /// <param name="content">Read to its end, or until the verdict is there; not closed.</param>
    /// <returns>What was found in it; null when nothing was.</returns>
    /// <exception cref="IOException">There is no verdict: the scanner cannot be reached, or refuses. The file is not taken
    /// then.</exception>
    Task<string?> FindVirusAsync(Stream content, CancellationToken ct);
}
