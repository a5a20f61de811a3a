using System.Net;
using System.Net.Sockets;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>A program in the place of the one that runs isolated plugins, which never says a word.</summary>
internal static class SilentProcess
{
    private const string Name = "Calango.PluginProcess";

    /// <param name="folder">Where it is written.</param>
    /// <param name="calls">Whether it calls the server before it falls silent.</param>
    public static void Write(string folder, bool calls)
    {
        var assembly = new PersistedAssemblyBuilder(new AssemblyName(Name), typeof(object).Assembly);
        var type = assembly.DefineDynamicModule(Name).DefineType("Program", TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed);
        var main = type.DefineMethod("Main", MethodAttributes.Public | MethodAttributes.Static, typeof(void), [typeof(string[])]);
        Fill(main.GetILGenerator(), calls);
        type.CreateType();
        var metadata = assembly.GenerateMetadata(out var code, out var data);
        var program = new ManagedPEBuilder(
            new PEHeaderBuilder(imageCharacteristics: Characteristics.ExecutableImage), new MetadataRootBuilder(metadata), code, data,
            entryPoint: MetadataTokens.MethodDefinitionHandle(main.MetadataToken));
        var bytes = new BlobBuilder();
        program.Serialize(bytes);
        File.WriteAllBytes(Path.Combine(folder, Name + ".dll"), bytes.ToArray());
        File.Copy(Path.Combine(TestFolders.PluginProcess, Name + ".runtimeconfig.json"), Path.Combine(folder, Name + ".runtimeconfig.json"));
    }

    private static void Fill(ILGenerator il, bool calls)
    {
        var socket = il.DeclareLocal(typeof(Socket));
        if (calls)
        {
            il.Emit(OpCodes.Ldc_I4, (int)AddressFamily.Unix);
            il.Emit(OpCodes.Ldc_I4, (int)SocketType.Stream);
            il.Emit(OpCodes.Ldc_I4, (int)ProtocolType.Unspecified);
            il.Emit(OpCodes.Newobj, typeof(Socket).GetConstructor([typeof(AddressFamily), typeof(SocketType), typeof(ProtocolType)])!);
            il.Emit(OpCodes.Stloc, socket);
            il.Emit(OpCodes.Ldloc, socket);
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldc_I4_0);
            il.Emit(OpCodes.Ldelem_Ref);
            il.Emit(OpCodes.Newobj, typeof(UnixDomainSocketEndPoint).GetConstructor([typeof(string)])!);
            il.Emit(OpCodes.Callvirt, typeof(Socket).GetMethod(nameof(Socket.Connect), [typeof(EndPoint)])!);
        }

        il.Emit(OpCodes.Ldc_I4_M1);
        il.Emit(OpCodes.Call, typeof(Thread).GetMethod("Sleep", [typeof(int)])!);
        il.Emit(OpCodes.Ldloc, socket);
        il.Emit(OpCodes.Call, typeof(GC).GetMethod(nameof(GC.KeepAlive))!);
        il.Emit(OpCodes.Ret);
    }
}
