namespace Chat.Chaos.Proxy;

/// <summary>Looks at the bytes of one direction of one connection, and may change them. Called by that direction's loop only.</summary>
internal interface IFlowFilter
{
    /// <summary>Takes the next bytes.</summary>
    /// <param name="bytes">Valid until the call returns.</param>
    /// <param name="passOn">What goes on instead of them; may be empty.</param>
    /// <returns>False: the connection is to be reset, and nothing more passes.</returns>
    bool TryPass(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> passOn);
}

/// <summary>The filters of one connection; null: bytes pass as they are.</summary>
/// <param name="ToServer">From the client to the server.</param>
/// <param name="ToClient">From the server to the client.</param>
internal readonly record struct FlowFilters(IFlowFilter? ToServer, IFlowFilter? ToClient);
