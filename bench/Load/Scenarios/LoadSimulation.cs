namespace Chat.Load.Scenarios;

/// <summary>How much is asked of the server at once.</summary>
/// <param name="Connections">Sessions held open.</param>
/// <param name="Groups">Chats; each has connections ÷ groups members.</param>
/// <param name="WindowPerGroup">Closed loop: messages of one group that may be on their way, until every member has each of them.</param>
/// <param name="PayloadBytes">Bytes of text a message.</param>
/// <param name="WarmUp">Time under load before anything counts.</param>
/// <param name="Duration">Measured time.</param>
/// <param name="Drain">Longest wait, after the last message was sent, for what is on its way.</param>
internal sealed record LoadSimulation(
    int Connections, int Groups, int WindowPerGroup, int PayloadBytes, TimeSpan WarmUp, TimeSpan Duration, TimeSpan Drain)
{
    public IEnumerable<string> Validate()
    {
        if (Groups < 1) yield return $"--groups is {Groups}: give 1 or more.";
        if (Connections < Groups || (Groups > 0 && Connections % Groups != 0))
            yield return $"--connections is {Connections}: give a multiple of --groups ({Groups}).";
        if (WindowPerGroup is < 1 or > 256) yield return $"--window is {WindowPerGroup}: give 1 to 256.";
        if (PayloadBytes is < 1 or > 16_384) yield return $"--payload is {PayloadBytes}: give 1 to 16384.";
        if (Duration <= TimeSpan.Zero) yield return $"--seconds is {Duration.TotalSeconds}: give more than 0.";
    }
}
