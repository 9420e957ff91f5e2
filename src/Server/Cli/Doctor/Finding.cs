namespace Chat.Server.Cli.Doctor;

/// <summary>What one check found.</summary>
internal enum Verdict
{
    Good,
    Warning,
    Fault,
}

/// <summary>One line of the doctor's report.</summary>
/// <param name="Remedy">What to do; empty when all is well.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Found, string Remedy = "");
